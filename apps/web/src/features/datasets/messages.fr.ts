import { count } from '../../lib/format.js'
import type { consent, datasets, history, one } from './messages.js'

export default {
  'datasets.datasets': {
    title: 'Vos jeux de données',
    loading: 'Chargement de vos jeux de données…',
    failedTitle: 'Vos jeux de données ne peuvent pas être affichés pour le moment',
    failed: 'Ils sont en sûreté sur la chaîne. Cette page continue d’essayer.',
    empty:
      'Rien pour le moment. Dès que votre premier fichier est inscrit, vous verrez à quoi il sert et ce qu’il a rapporté.',
    more: 'Afficher la suite',
    untitled: 'Jeu de données sans titre',
    status: { active: 'Ouvert aux demandes', withdrawn: 'Retiré', expired: 'Terminé' },
    pool: (id: number) => `fonds ${id}`,
    until: (date: string) => `jusqu’au ${date}`,
    ended: (date: string) => `terminé le ${date}`,
    noEnd: 'jusqu’à votre retrait',
    allowed: 'Permis :',
    wasAllowed: 'Était permis :',
    earned: (uses: number) => `gagnés, ${count(uses, 'utilisation')}`,
    neverUsed: 'pas encore utilisé',
    ask: 'vous demande chaque fois',
    withdraw: 'Retirer',
    withdrawLabel: (title: string) => `Retirer ${title}`,
    dialogTitle: (title: string) => `Retirer « ${title} » ?`,
    dialogStops:
      'Plus aucune clé de ce jeu de données n’est remise dès que la chaîne le sait. C’est définitif : on ne peut pas revenir en arrière.',
    dialogCannot:
      'Ce qu’un entraîneur a déjà ne peut pas être repris. Ce qui est sur la chaîne, et le titre, restent publics.',
    dialogKeeps: 'Ce qu’il a rapporté reste à vous.',
    dialogKeep: 'Le garder',
    dialogConfirm: 'Retirer pour de bon',
    dialogBusy: 'Retrait…',
    withdrawn: (title: string) => `« ${title} » est retiré. Plus aucune clé n’en est remise.`,
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : rien n’a changé.',
    withdrawFailed: 'Il n’a pas été retiré',
  } satisfies typeof datasets,
  'datasets.consent': {
    open: 'Changer le consentement',
    openLabel: (title: string) => `Changer le consentement de ${title}`,
    title: (title: string) => `À quoi « ${title} » peut servir`,
    lead: 'Un changement vaut pour toutes les remises à venir, même pour les demandes déjà ouvertes. Ce qu’un entraîneur a déjà ne peut pas être repris.',
    summary: 'Ce qui change',
    nothing: 'Rien n’est encore changé.',
    allow: (purposes: string) => `Désormais permis aussi : ${purposes}.`,
    forbid: (purposes: string) => `N’est plus permis : ${purposes}.`,
    end: (date: string) => `Se termine le ${date}.`,
    noEnd: 'Dure jusqu’à votre retrait.',
    asks: 'Désormais, chaque demande attend votre oui.',
    asksNoMore: 'Les demandes qui conviennent n’attendent plus votre oui.',
    keep: 'Laisser tel quel',
    save: 'Signer le changement',
    saving: 'Écriture sur la chaîne…',
    changed: (title: string) => `Le consentement de « ${title} » est changé, sur la chaîne.`,
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : rien n’a changé.',
    failed: 'Le consentement n’a pas été changé',
  } satisfies typeof consent,
  'datasets.one': {
    title: 'Un jeu de données',
    back: 'Toutes mes données',
    stands: 'Où il en est',
    loading: 'Chargement…',
    unknown: 'Ce jeu de données n’existe pas',
    failed:
      'Il ne peut pas être affiché pour le moment. Il est en sûreté sur la chaîne ; cette page continue d’essayer.',
    notYours: 'Ce jeu de données appartient à un autre compte.',
  } satisfies typeof one,
  'datasets.history': {
    title: 'Son histoire',
    loading: 'Chargement…',
    failed: 'Elle ne peut pas être affichée pour le moment.',
    more: 'Afficher la suite',
    contributed: (purposes: string, end: string | null) =>
      `Contribué. Permis : ${purposes}, ${end ? `jusqu’au ${end}` : 'jusqu’au retrait'}.`,
    changed: (purposes: string, end: string | null, ask: boolean) =>
      `Consentement changé. Permis : ${purposes}, ${end ? `jusqu’au ${end}` : 'jusqu’au retrait'}${ask ? ', en vous demandant chaque fois' : ''}.`,
    withdrawn: 'Retiré.',
    granted: 'Vous avez dit oui à une demande.',
    refused: 'Vous avez dit non à une demande.',
    released: (purposes: string, settlement: number) =>
      `Lu, pour ${purposes} ; payé dans le règlement ${settlement}.`,
  } satisfies typeof history,
}
