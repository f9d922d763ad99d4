import type { cannot, contracts, Labels, signing, transaction } from './messages.js'

const jusqua = 'Signature valable jusqu’au'
const noms: Labels = {
  Contribution: {
    intent: 'Apporter un fichier scellé',
    fields: {
      owner: 'Propriétaire',
      content: 'Fichier scellé',
      metadata: 'Description publique',
      pool: 'Pool',
      purposes: 'Utilisable pour',
      expires: 'Jusqu’au',
      flags: 'Demander avant chaque usage',
      deadline: jusqua,
    },
  },
  ConsentUpdate: {
    intent: 'Modifier un consentement',
    fields: {
      dataset: 'Jeu de données',
      purposes: 'Utilisable pour',
      expires: 'Jusqu’au',
      ask: 'Demander avant chaque usage',
      issued: 'Décidé le',
      deadline: jusqua,
    },
  },
  Withdrawal: {
    intent: 'Retirer un jeu de données pour de bon',
    fields: { owner: 'Propriétaire', content: 'Fichier scellé' },
  },
  OwnerRelease: {
    intent: 'Récupérer vos propres données',
    fields: {
      owner: 'Propriétaire',
      datasets: 'Jeux de données',
      recipient: 'Scellé pour la clé',
      deadline: jusqua,
    },
  },
  TrainerApplication: {
    intent: 'Demander à entraîner des modèles',
    fields: { trainer: 'Entraîneur', profile: 'Profil public', deadline: jusqua },
  },
  AccessRequest: {
    intent: 'Demander des jeux de données et payer',
    fields: {
      trainer: 'Entraîneur',
      pool: 'Pool',
      purposes: 'À utiliser pour',
      manifestRoot: 'Liste des jeux de données',
      manifestDocument: 'Document de cette liste',
      count: 'Jeux de données',
      recipient: 'Scellé pour la clé',
      maxTotalPrice: 'Coûte au plus',
      expires: 'Fin des remises de clés',
      salt: 'Distingue les demandes pareilles',
      deadline: jusqua,
    },
  },
  Approval: {
    intent: 'Répondre à une demande',
    fields: { request: 'Demande', dataset: 'Jeu de données', granted: 'Réponse', deadline: jusqua },
  },
  ReleaseOrder: {
    intent: 'Demander les clés d’une demande',
    fields: { request: 'Demande', datasets: 'Jeux de données', deadline: jusqua },
  },
  Receipt: {
    intent: 'Confirmer en tant que dépositaire',
    fields: {
      request: 'Demande',
      epoch: 'Période du comité',
      order: 'Ordre',
      datasets: 'Jeux de données',
      time: 'Heure',
    },
  },
  Delivery: {
    intent: 'Confirmer une réponse en tant que dépositaire',
    fields: { request: 'Demande', epoch: 'Période du comité', answer: 'Réponse scellée' },
  },
  Settlement: {
    intent: 'Régler des usages en tant que dépositaire',
    fields: {
      number: 'Numéro',
      epoch: 'Période du comité',
      root: 'Racine de toutes les récompenses',
      total: 'Gagné par tous',
      document: 'Document',
      previousDocument: 'Document précédent',
      spending: 'Pris sur les demandes',
      finals: 'Demandes désormais closes',
    },
  },
  Join: { intent: 'Rejoindre la DAO', fields: { account: 'Membre', deadline: jusqua } },
  Proposal: {
    intent: 'Proposer à la DAO',
    fields: {
      proposer: 'Auteur',
      targets: 'Contrats appelés',
      values: 'Wei envoyés',
      calldatas: 'Appels',
      description: 'Texte',
      deadline: jusqua,
    },
  },
  Ballot: {
    intent: 'Voter sur une proposition',
    fields: { proposalId: 'Proposition', support: 'Vote', voter: 'Votant', nonce: 'Nonce' },
  },
  Delegation: {
    intent: 'Laisser quelqu’un voter pour vous',
    fields: { delegatee: 'Les voix vont à', nonce: 'Nonce', expiry: jusqua },
  },
  ApproveTrainer: {
    intent: 'Agréer un entraîneur',
    fields: { trainer: 'Entraîneur', until: 'Agréé jusqu’au', profile: 'Profil agréé' },
  },
  RevokeTrainer: {
    intent: 'Mettre fin à l’agrément d’un entraîneur',
    fields: { trainer: 'Entraîneur' },
  },
  SuspendTrainer: {
    intent: 'Suspendre un entraîneur',
    fields: { trainer: 'Entraîneur', suspended: 'Suspendu' },
  },
  ResumeTrainer: {
    intent: 'Lever une suspension',
    fields: { trainer: 'Entraîneur', suspended: 'Suspendu' },
  },
  CancelProposal: {
    intent: 'Reprendre une proposition',
    fields: {
      targets: 'Contrats appelés',
      values: 'Wei envoyés',
      calldatas: 'Appels',
      descriptionHash: 'Empreinte du texte',
    },
  },
  ApprovePayment: {
    intent: 'Permettre un paiement',
    fields: { spender: 'Peut être pris par', value: 'Au plus' },
  },
  DelegateVotes: {
    intent: 'Laisser quelqu’un voter pour vous',
    fields: { delegatee: 'Les voix vont à' },
  },
  Permit: {
    intent: 'Permettre le paiement d’une demande',
    fields: {
      owner: 'Payeur',
      spender: 'Peut être pris par',
      value: 'Au plus',
      nonce: 'Nonce',
      deadline: jusqua,
    },
  },
}

const impossible: typeof cannot = {
  'approve-itself': 'faire de vous un entraîneur : c’est la DAO qui décide',
  'be-changed': 'être modifiée ensuite',
  'be-undone': 'être annulée, par qui que ce soit',
  'change-consent': 'changer ce à quoi vos données peuvent servir',
  execute: 'réaliser ce qu’elle propose : les membres votent d’abord',
  'move-money': 'déplacer votre argent ou vos jetons',
  'open-file': 'ouvrir un fichier scellé',
  'open-other-key': 'ouvrir quoi que ce soit pour une autre clé',
  'other-proposals': 'voter sur autre chose',
  'other-requests': 'répondre à une autre demande',
  'other-spender': 'permettre à quelqu’un d’autre de prendre quoi que ce soit',
  'other-use': 'permettre un usage qui n’est pas dans la liste',
  'pay-more': 'coûter plus que ce qui est dit',
  'take-back': 'reprendre ce qu’un entraîneur a déjà',
  'take-more': 'prendre plus que ce qui est dit',
  'transfer-votes': 'donner vos voix à quelqu’un',
  'undo-withdrawal': 'faire revenir un jeu de données retiré',
}

const contrats: typeof contracts = {
  token: 'le jeton',
  datasetRegistry: 'le registre des jeux de données',
  trainerRegistry: 'le registre des entraîneurs',
  custodianCommittee: 'le comité',
  accessRequests: 'le séquestre des demandes',
  rewardPool: 'la caisse des récompenses',
  grainToken: 'les voix',
  governor: 'les votes de la DAO',
  timelock: 'la DAO',
}

const mots: typeof signing = {
  lead: (wallet) =>
    `Voici ce que ${wallet} va vous demander de signer. Comparez avec ce que ${wallet} affiche, et ne signez que si les deux disent la même chose.`,
  leadHere: 'Voici ce qui sera signé, par le portefeuille de développement de cette page.',
  cannot: 'Cette signature ne peut pas',
  details: 'Tous les champs, à comparer avec le portefeuille',
  contract: 'Vaut pour',
  chain: 'Sur la chaîne',
  like: (n) => (n === 1 ? 'De même pour l’autre' : `De même pour les ${n} autres`),
  likeNote: 'Si autre chose que le fichier diffère, la question vous est reposée.',
  stop: 'Ne pas signer',
  go: 'Continuer dans votre portefeuille',
  goHere: 'Signer',
  you: 'Vous,',
  yes: 'Oui',
  no: 'Non, définitivement',
  notSo: 'Non',
  asks: 'On vous demande avant chaque usage',
  asksNot: 'Non, le consentement vaut pour toute demande conforme',
  nothing: 'Rien du tout',
  untilWithdrawn: 'Jusqu’à ce que vous le retiriez',
  anyAmount: 'N’importe quel montant',
  support: ['Contre', 'Pour', 'Abstention'],
}

const envoi: typeof transaction = {
  lead: (wallet) =>
    `${wallet} va vous demander d’envoyer cette transaction au nom de votre compte. Comparez avec ce que ${wallet} affiche, et ne l’envoyez que si les deux disent la même chose.`,
  leadHere: 'Voici la transaction qui sera envoyée, par le portefeuille de développement de cette page.',
  cannot: 'Cette transaction ne peut pas',
  cost: (fee) =>
    `Elle coûte environ ${fee} de frais de réseau, que votre compte paie. Rien d’autre n’est payé.`,
  costUnknown:
    'Elle coûte des frais de réseau, que votre compte paie. Votre portefeuille dit combien. Rien d’autre n’est payé.',
  stop: 'Ne pas envoyer',
  goHere: 'Envoyer',
}

export default {
  'signing.labels': noms,
  'signing.cannot': impossible,
  'signing.contracts': contrats,
  'signing.signing': mots,
  'signing.transaction': envoi,
}
