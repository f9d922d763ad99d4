import type { answers, group, notice, record, several } from './group.messages.js'

export default {
  'inbox.group': {
    loading: 'Recherche en cours…',
    pays: (price) => `rapporte ${price}`,
    choose: (trainer, title) => `Choisir la demande de ${trainer} pour ${title}`,
    several: 'Répondre à plusieurs à la fois',
    chosen: (n) => (n === 0 ? 'Choisir toutes celles qui attendent' : `${n} choisie${n > 1 ? 's' : ''}`),
    toChosen: {
      yes: (n) => (n === 1 ? 'Oui à celle qui est choisie' : `Oui aux ${n} choisies`),
      no: (n) => (n === 1 ? 'Non à celle qui est choisie' : `Non aux ${n} choisies`),
    },
    done: {
      yes: (n) => (n === 1 ? 'Vous avez dit oui à une demande.' : `Vous avez dit oui à ${n} demandes.`),
      no: (n) =>
        n === 1
          ? 'Vous avez dit non à une demande, pour de bon.'
          : `Vous avez dit non à ${n} demandes, pour de bon.`,
    },
    always: 'Toujours pour cet entraîneur',
    alwaysLabel: (trainer) => `Toujours pour cet entraîneur, ${trainer}`,
    favoured: 'Vous souhaitez dire oui à cet entraîneur.',
    forget: 'Plus maintenant',
    quick: 'Oui',
    quickLabel: (trainer, title) => `Dire oui à ${trainer} pour ${title}`,
  } satisfies typeof group,
  'inbox.several': {
    title: {
      yes: (n) => (n === 1 ? 'Dire oui à cette demande ?' : `Dire oui à ces ${n} demandes ?`),
      no: (n) => (n === 1 ? 'Dire non à cette demande ?' : `Dire non à ces ${n} demandes ?`),
    },
    alwaysTitle: (trainer) => `Toujours dire oui à ${trainer} ?`,
    lead: (n) =>
      n === 1
        ? 'La demande vient d’être lue sur la chaîne. Votre portefeuille vous interroge une fois.'
        : `Les demandes viennent d’être lues sur la chaîne. Votre portefeuille vous interroge ${n} fois, une fois pour chacune : aucune signature ne peut dire oui à plus d’une demande.`,
    alwaysMeans:
      'Cela dit oui à ce qui attend maintenant, et retient votre souhait dans ce navigateur : la prochaine demande de cet entraîneur viendra en premier, avec un oui en un clic. Rien ne peut répondre tout seul. Sur la chaîne, il n’existe pas de oui donné d’avance : personne, pas même cette page, ne peut donc remettre vos données sans votre signature.',
    pays: (sum) => `Cela rapporte ${sum} en tout.`,
    sign: {
      yes: (n) => (n === 1 ? 'Oui, remettre la clé' : `Oui, remettre les ${n}`),
      no: (n) => (n === 1 ? 'Non, pour de bon' : `Non aux ${n}, pour de bon`),
    },
    progress: (done, all) => `${done} sur ${all} répondues. Votre portefeuille demande la suivante…`,
    some: (done, all) => `${done} sur ${all} ont reçu une réponse. Le reste attend toujours.`,
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : le reste est sans réponse.',
    differs:
      'Sur la chaîne, cette demande n’est pas celle que le serveur de ce réseau annonce. Rien n’a été signé.',
    close: 'Fermer',
  } satisfies typeof several,
  'inbox.record': {
    since: (date) => `Agréé depuis le ${date}.`,
    notApproved: 'Pas agréé en ce moment.',
    before: (requests, asked, uses, paid) =>
      `Jusqu’ici ${requests === 1 ? 'une demande' : `${requests} demandes`} pour ${asked} jeux de données, ${uses} utilisés, ${paid} payés.`,
  } satisfies typeof record,
  'inbox.answers': {
    title: 'Ce que vous avez répondu',
    none: 'Rien pour l’instant. Vos réponses restent ici, même quand une demande est close.',
    failedTitle: 'Vos réponses ne peuvent pas être affichées pour l’instant',
    failed: 'Elles sont conservées sur la chaîne. Cette page réessaie.',
    granted: (trainer, title) => `Oui à ${trainer}, pour « ${title} »`,
    refused: (trainer, title) => `Non à ${trainer}, pour « ${title} »`,
    notUsed: 'pas encore utilisé',
    earned: (sum) => `a rapporté ${sum}`,
  } satisfies typeof answers,
  'inbox.notice': {
    badge: 'en attente',
    title: (n) => (n === 1 ? 'Une demande attend votre réponse' : `${n} demandes attendent votre réponse`),
    body: 'Quelqu’un demande un de vos jeux de données. Sans votre oui, il n’est pas remis.',
    ask: 'Me prévenir dans ce navigateur',
    state: {
      default:
        'Granary n’envoie pas de courriel. Votre navigateur peut vous prévenir d’une nouvelle demande tant que cette page est ouverte dans un onglet.',
      granted:
        'Votre navigateur vous prévient des nouvelles demandes tant que cette page est ouverte dans un onglet.',
      denied:
        'Votre navigateur a reçu l’ordre de ne pas montrer les notifications de cette page. Les nouvelles demandes apparaissent comme un nombre dans le titre de l’onglet ; vous pouvez autoriser les notifications dans les réglages du navigateur.',
      unavailable:
        'Votre navigateur ne montre pas les notifications des pages. Les nouvelles demandes apparaissent comme un nombre dans le titre de l’onglet.',
    },
  } satisfies typeof notice,
}
