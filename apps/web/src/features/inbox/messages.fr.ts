import { count } from '../../lib/format.js'
import type { extras, inbox, review } from './messages.js'

export default {
  'inbox.extras': {
    commercial: { title: 'Dans un but lucratif', consequence: 'L’entraîneur peut vendre ce qui en sort.' },
    'publish-weights': {
      title: 'Le modèle terminé peut être publié',
      consequence: 'N’importe qui peut alors le faire tourner, et ce qu’il a appris ne se rappelle plus.',
    },
    'keep-derived': {
      title: 'Ce qui en est tiré peut être conservé',
      consequence: 'Des index et autres restent une fois le travail fini.',
    },
  } satisfies typeof extras,
  'inbox.inbox': {
    title: 'Les demandes qui attendent votre accord',
    waiting: (n: number) =>
      n === 1 ? 'Une demande attend votre réponse.' : `${n} demandes attendent votre réponse.`,
    none: 'Personne ne demande vos jeux de données en ce moment. Une demande apparaîtra ici le moment venu ; sans votre oui, elle ne reçoit rien.',
    failedTitle: 'Les demandes ne peuvent pas être affichées pour l’instant',
    failed: 'Rien n’est remis sans votre oui. Cette page réessaie.',
    asks: (trainer: string, title: string) => `${trainer} demande « ${title} »`,
    for: 'Pour',
    until: (date: string) => `jusqu’au ${date}`,
    status: {
      pending: 'Vous attend',
      granted: 'Vous avez dit oui',
      refused: 'Vous avez dit non, pour de bon',
    },
    review: 'Voir la demande',
    reviewLabel: (trainer: string, title: string) => `Voir la demande de ${trainer} pour ${title}`,
    more: 'En montrer plus',
    unnamed: 'Un entraîneur sans nom',
  } satisfies typeof inbox,
  'inbox.review': {
    title: (title: string) => `Une demande pour « ${title} »`,
    lead: 'Voici la demande telle qu’elle est sur la chaîne, lue à l’instant. Seuls les noms, et si l’entraîneur est agréé, viennent du serveur de ce réseau ; les dépositaires vérifient l’agrément par eux-mêmes.',
    reading: 'Lecture de la demande sur la chaîne…',
    unreadable: 'La demande ne peut pas être lue sur la chaîne',
    who: 'Qui demande',
    callsItself: (name: string) => `se présente comme « ${name} »`,
    approved: 'agréé comme entraîneur',
    notApproved: 'pas agréé comme entraîneur en ce moment : il ne recevrait rien dans aucun cas',
    what: 'Pour quoi',
    much: 'Combien',
    price: (price: string) => `${price} pour ce jeu de données`,
    share: 'La moitié au moins vous revient, une fois la clé remise.',
    size: 'Quelle quantité',
    count: (n: number, pool: string) => `${count(n, 'jeu', 'jeux')} de données dans ${pool}, dont celui-ci`,
    pool: (title: string) => `le pool « ${title} »`,
    until: 'Jusqu’à quand',
    key: 'Scellé pour',
    keyNote: 'la seule clé qui puisse ouvrir ce qui est remis',
    yes: 'Oui, remettre la clé',
    no: 'Non',
    noInstead: 'Changer mon oui en non',
    answering: 'Écriture sur la chaîne…',
    yesNote:
      'Un oui ne vaut que pour cette demande. Vous pouvez le changer en non tant que la clé n’a pas été remise.',
    finalTitle: 'Un non est définitif',
    final:
      'Cette demande ne pourra alors jamais recevoir ce jeu de données, même si vous changez d’avis. D’autres demandes restent possibles.',
    confirm: 'Dire non pour de bon',
    back: 'Retour',
    close: 'Décider plus tard',
    granted: (title: string) =>
      `Vous avez dit oui : la clé de « ${title} » peut être remise pour cette demande.`,
    refused: (title: string) =>
      `Vous avez dit non, pour de bon : cette demande ne recevra jamais « ${title} ».`,
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : aucune réponse n’est partie.',
    failed: 'Votre réponse n’est pas passée',
  } satisfies typeof review,
}
