import type { custodians, network, statistics, treasury } from './messages.js'

export default {
  'network.network': {
    lead: 'Combien de personnes participent, ce que leurs données rapportent en chiffres, et si les dépositaires sont à leur poste. C’est la même page pour tout le monde.',
  } satisfies typeof network,
  'network.statistics': {
    title: 'En chiffres',
    loading: 'Calcul en cours…',
    failedTitle: 'Les chiffres ne peuvent pas être affichés pour l’instant',
    failed: 'Ils sont comptés d’après la chaîne. Cette page réessaie d’elle-même.',
    contributors: 'Contributeurs',
    datasets: 'Jeux de données',
    uses: 'Utilisations payées',
    earned: 'Gagné par les contributeurs',
    claimed: 'Encaissé, tous comptes confondus',
    span: 'Sur les derniers',
    days: (n) => (n === 365 ? '12 mois' : `${n} jours`),
    contributorsChart: 'Contributeurs à ce jour',
    datasetsChart: 'Jeux de données à ce jour',
    usesChart: 'Utilisations, par jour',
    paidChart: 'Versé, par jour',
    source:
      'Comptés par le serveur de ce réseau, par jour (UTC), d’après les événements publics de la chaîne ; quiconque lit la chaîne peut recompter. Une utilisation compte le jour de son règlement. L’encaissé comprend celui des dépositaires et de la trésorerie.',
  } satisfies typeof statistics,
  'network.custodians': {
    title: 'Les dépositaires',
    lead: 'Ensemble, ils détiennent le seul accès aux clés. Un certain nombre d’entre eux doivent prendre part avant que quoi que ce soit soit remis ; moins que cela ne peut rien ouvrir.',
    none: 'Ils sont encore en train de créer leur clé commune.',
    asking: 'Nous les interrogeons…',
    failedTitle: 'Impossible de dire pour l’instant s’ils répondent',
    failed: 'Cette page réessaie d’elle-même. Rien de ce qui est à vous n’est perdu.',
    ready: (ready, all) => `${ready} sur ${all} ${ready > 1 ? 'sont prêts' : 'est prêt'}.`,
    enough: (needed) => `Il en faut ${needed} : les remises de clés continuent.`,
    tooFew: (needed) =>
      `Il en faut ${needed} : d’ici là, rien n’est remis et rien n’est réglé. Rien n’est perdu.`,
    member: (index) => `Dépositaire ${index}`,
    version: (version) => `protocole ${version}`,
    holds: (epoch) => `détient sa part de l’époque ${epoch}`,
    lacks: (epoch) => `n’a pas de part de l’époque ${epoch}`,
    lastSeen: (ago) => `vu pour la dernière fois ${ago}`,
    neverSeen: 'pas vu depuis le démarrage de ce serveur',
    state: {
      ready: 'Prêt',
      waiting: 'Répond, mais ne peut pas faire sa part',
      other: 'Quelqu’un d’autre répond à cette adresse',
      unreachable: 'Ne répond pas',
    },
    codes: {
      CHAIN_UNAVAILABLE: '(il ne peut pas lire la chaîne)',
      CHAIN_MISMATCH: '(il lit une autre chaîne)',
      CUSTODIAN_NOT_READY: '(il n’a pas de part de la clé)',
      SHUTTING_DOWN: '(il est en train de s’arrêter)',
    },
    seenBy: (time) =>
      `Tels que le serveur de ce réseau les voit, interrogés le ${time}. Le programme d’un entraîneur les interroge aussi lui-même.`,
  } satisfies typeof custodians,
  'network.treasury': {
    title: 'La trésorerie',
    lead: (percent) =>
      `${percent} % de chaque utilisation lui reviennent. Les membres décident par des propositions de ce qu’il en advient.`,
    loading: 'Lecture de la trésorerie…',
    failedTitle: 'La trésorerie ne peut pas être affichée pour l’instant',
    failed: 'Elle est conservée sur la chaîne. Cette page réessaie d’elle-même.',
    balance: 'Elle détient',
    claimable: 'Gagné, pas encore encaissé',
    earned: 'Gagné en tout',
    ofTimelock: 'Seule une proposition adoptée peut en dépenser :',
    elsewhere:
      'C’est un compte à part, hors des contrats de la DAO ; ce qu’il dépense n’est pas montré ici :',
    history: 'Entrées et sorties',
    nothing: 'Rien n’est encore entré ni sorti.',
    earnedBy: (settlement) => `Sa part des utilisations du règlement ${settlement}`,
    claimed: 'Encaissé : passé des gains à la trésorerie',
    paidTo: 'Payé à',
    byProposal: 'comme décidé dans cette proposition',
    more: 'Afficher plus',
  } satisfies typeof treasury,
}
