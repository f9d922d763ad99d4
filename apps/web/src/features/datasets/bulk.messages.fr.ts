import type { bulk, find, selection } from './bulk.messages.js'

const sets = (n: number) => `${n.toLocaleString('fr-FR')} ${n < 2 ? 'jeu de données' : 'jeux de données'}`

export default {
  'datasets.selection': {
    one: (title: string) => `Choisir ${title}`,
    shown: 'Choisir tout ce qui est affiché',
    chosen: (n: number) => `${sets(n)} ${n < 2 ? 'choisi' : 'choisis'}`,
    all: (n: number) => `Choisir les ${n}, pages suivantes comprises`,
    none: 'Ne rien choisir',
    actions: 'Avec ceux qui sont choisis',
    consent: 'Changer leur consentement',
    withdraw: 'Les retirer',
  } satisfies typeof selection,
  'datasets.bulk': {
    collecting: 'Chargement…',
    collectFailed: 'Ils n’ont pas pu être chargés',
    consentTitle: (n: number) => `Changer le consentement de ${sets(n)}`,
    consentLead:
      'Cochez ce qui doit changer ; le reste demeure tel que chacun l’a. Cela vaut pour toutes les remises à venir. Ce qu’un entraîneur a déjà ne peut pas être repris.',
    purposes: 'À quoi ils peuvent servir',
    expiry: 'Jusqu’à quand',
    ask: 'Qui dit oui à chaque demande',
    summary: 'Ce qui change',
    choose: 'Rien n’est encore coché.',
    changes: (n: number, all: number) => `${n} sur ${sets(all)} ${n < 2 ? 'change' : 'changent'}.`,
    signatures: (n: number) =>
      n === 1
        ? 'Votre portefeuille demande une fois.'
        : `Votre portefeuille demande ${n} fois : chaque jeu de données a sa propre signature.`,
    allow: (purpose: string, n: number) => `Désormais permis pour ${n} : ${purpose}.`,
    forbid: (purpose: string, n: number) => `N’est plus permis pour ${n} : ${purpose}.`,
    end: (n: number) => `Une autre fin pour ${n}.`,
    asks: (n: number) => `${n} ${n < 2 ? 'attend' : 'attendent'} désormais votre oui.`,
    asksNoMore: (n: number) => `${n} n’${n < 2 ? 'attend' : 'attendent'} plus votre oui.`,
    same: (n: number) => `${n} ${n < 2 ? 'l’est' : 'le sont'} déjà.`,
    withdrawn: (n: number) => `${n} ${n < 2 ? 'est retiré' : 'sont retirés'}, ce qui est définitif.`,
    ended: (n: number) =>
      `${n} ${n < 2 ? 'est arrivé' : 'sont arrivés'} à sa fin : choisissez-en une nouvelle pour ${n < 2 ? 'l’inclure' : 'les inclure'}.`,
    keep: 'Les laisser tels quels',
    sign: (n: number) => (n === 1 ? 'Signer le changement' : `Signer ${n} changements`),
    withdrawTitle: (n: number) => `Retirer ${sets(n)} ?`,
    withdrawStops:
      'Plus aucune de leurs clés n’est remise dès que la chaîne le sait. C’est définitif : on ne peut pas revenir en arrière.',
    withdrawCannot:
      'Ce qu’un entraîneur a déjà ne peut pas être repris. Ce qui est sur la chaîne, et les titres, restent publics.',
    withdrawConfirm: (n: number) => `Retirer ${n} pour de bon`,
    erase: 'Effacer aussi les fichiers scellés',
    progress: (done: number, total: number) => `${done} sur ${total}`,
    sent: (n: number) => `${n} ${n < 2 ? 'signé, en cours' : 'signés, en cours'} d’écriture sur la chaîne`,
    stop: 'Arrêter',
    goOn: 'Continuer',
    close: 'Fermer',
    stopped: 'Arrêté. Ce qui est signé passera ; le reste est inchangé.',
    stoppedBy: {
      WALLET_REJECTED:
        'Votre portefeuille a refusé de signer. Ce qui est signé passera ; le reste est inchangé.',
      WALLET_BUSY: 'Votre portefeuille attend encore une réponse. Regardez-y, puis continuez.',
      RELAY_ACCOUNT_LIMIT:
        'L’exploitant ne paie plus de messages pour vous aujourd’hui. Continuez demain : ce qui est fait sera laissé de côté.',
      RELAY_TOTAL_LIMIT:
        'L’exploitant ne paie plus de messages aujourd’hui. Continuez demain : ce qui est fait sera laissé de côté.',
      RATE_LIMITED: 'C’était trop rapide pour le réseau. Attendez une minute et continuez.',
      UNAUTHENTICATED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
      SESSION_EXPIRED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
      UNREACHABLE: 'Le réseau ne répond pas. Continuez dès qu’il répond.',
    } as Record<string, string>,
    done: (n: number) => `${sets(n)} ${n < 2 ? 'changé' : 'changés'}, sur la chaîne.`,
    doneWithdrawn: (n: number) =>
      `${sets(n)} ${n < 2 ? 'retiré' : 'retirés'}. Plus aucune clé n’en est remise.`,
    failed: (n: number) => `${sets(n)} n’${n < 2 ? 'a' : 'ont'} pas changé`,
    again: 'Réessayer ceux-là',
    undo: (n: number) => (n === 1 ? 'Revenir en arrière' : `Revenir en arrière pour les ${n}`),
    undoing: 'Retour en arrière',
  } satisfies typeof bulk,
  'datasets.find': {
    label: 'Chercher parmi vos jeux de données',
    search: 'Chercher dans les titres',
    status: 'Consentement',
    ask: 'On vous demande',
    pool: 'Pool',
    order: 'Ordre',
    any: 'Tous',
    asks: { yes: 'Chaque fois', no: 'Jamais' },
    orders: {
      newest: 'Les plus récents',
      oldest: 'Les plus anciens',
      earned: 'Les plus rentables',
      used: 'Les plus utilisés',
      title: 'Par titre',
    },
    found: sets,
    nothing: 'Aucun de vos jeux de données ne correspond.',
    clear: 'Tout afficher',
  } satisfies typeof find,
}
