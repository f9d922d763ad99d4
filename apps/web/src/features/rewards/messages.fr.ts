import type { chart, earnings, rewards } from './messages.js'

export default {
  'rewards.rewards': {
    title: 'Votre solde',
    claimable: 'À encaisser',
    earned: 'Gagné jusqu’ici',
    claimed: 'Encaissé',
    pending: 'Pas encore prêt',
    pendingFrom: (first: string, last?: string) =>
      `Encaissable à partir du ${first}${last ? `, le reste à partir du ${last}` : ''}. D’ici là, une correction reste possible.`,
    claim: 'Encaisser sur mon portefeuille',
    claiming: 'Encaissement…',
    free: 'Granary paie les frais de réseau.',
    nothing:
      'Rien à encaisser pour le moment. Les utilisations sont réglées ensemble, un peu après avoir eu lieu.',
    done: (amount: string) => `${amount} sont en route vers votre portefeuille.`,
    failedTitle: 'L’encaissement n’a pas abouti',
    unavailable:
      'Vos gains ne peuvent pas être lus pour le moment. Ils sont conservés sur la chaîne ; cette page continue d’essayer.',
  } satisfies typeof rewards,
  'rewards.earnings': {
    title: 'D’où vient chaque montant',
    empty:
      'Rien de gagné pour le moment. Chaque utilisation apparaîtra ici : qui a utilisé quel jeu de données, pour quoi, et dans quel règlement vous avez été payé.',
    readers: 'Qui l’a lu, et pour quoi',
    readersLead:
      'Chaque remise de sa clé, une fois réglée : avant cela, seuls l’entraîneur et les dépositaires en ont connaissance.',
    nobody: 'Personne ne l’a lu jusqu’ici.',
    loading: 'Chargement…',
    failedTitle: 'Vos gains ne peuvent pas être listés pour le moment',
    failed: 'Ils sont conservés sur la chaîne. Cette page continue d’essayer.',
    columns: {
      dataset: 'Jeu de données',
      trainer: 'Utilisé par',
      purpose: 'Pour',
      proof: 'Payé dans',
      amount: 'Votre gain',
    },
    unnamed: 'Entraîneur sans nom',
    settlement: (number: number) => `Règlement ${number}`,
    readyFrom: (time: string) => `prêt à partir du ${time}`,
    request: 'demande',
    more: 'Afficher la suite',
  } satisfies typeof earnings,
  'rewards.chart': {
    title: 'Gains au fil du temps',
    loading: 'Tracé en cours…',
    by: 'Par',
    spans: { day: 'jour', month: 'mois', year: 'année' },
    earned: 'Gagné',
    claimed: 'Encaissé',
  } satisfies typeof chart,
}
