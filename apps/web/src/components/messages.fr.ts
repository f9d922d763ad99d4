import type { trouble, troubles, unread } from './messages.js'

export default {
  'components.troubles': {
    UNREACHABLE: 'Le réseau a cessé de répondre. Regardez dans un moment si c’est passé.',
    TIMED_OUT: 'Cela prend plus de temps que d’habitude. Cela peut encore passer : regardez dans un moment.',
    UNAUTHENTICATED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
    SESSION_EXPIRED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
    CONTENT_ERASED: 'Le fichier scellé a été effacé, à la demande de son propriétaire. Il ne reviendra pas.',
    DATASET_NOT_WITHDRAWN: 'Le réseau n’a pas encore vu le retrait. Réessayez dans un moment.',
    DATASET_WITHDRAWN: 'Le jeu de données est retiré, définitivement.',
    CHAIN_UNAVAILABLE: 'La chaîne elle-même ne peut pas être lue d’ici : rien à quoi se fier.',
    CUSTODIANS_UNAVAILABLE:
      'Trop peu de dépositaires répondent en ce moment. Réessayez plus tard : rien n’est perdu.',
    CONTENT_ALTERED: 'Ce qui a été envoyé n’est pas ce que vous avez scellé. Cela a été jeté.',
    CONTENT_UNAVAILABLE: 'Le fichier scellé n’a pas pu être obtenu pour l’instant.',
    NETWORK_MISMATCH: 'Ce réseau n’est pas celui pour lequel cette page est faite.',
    DEPLOYMENT_MISSING: 'Cette page n’a pas été construite pour ce réseau.',
    WALLET_CHANGED: 'Le portefeuille a changé de compte pendant que vous lisiez. Rien n’a été signé.',
    SIGNING_REFUSED:
      'Ce message n’est pas de ceux que Granary signe ici : votre portefeuille n’a pas été sollicité. Rien n’a été signé.',
    TOO_MANY_REQUESTS: 'Trop de requêtes à la fois. Attendez un peu, puis réessayez.',
    RELAY_ACCOUNT_LIMIT:
      'Les frais que l’exploitant paie par jour pour un compte sont épuisés. Réessayez demain.',
    RELAY_TOTAL_LIMIT: 'Les frais que l’exploitant paie par jour sont épuisés. Réessayez demain.',
    GAS_PRICE_TOO_HIGH: 'Le réseau est trop cher en ce moment. Cela continuera quand le prix baissera.',
    RELAYER_OUT_OF_FUNDS: 'L’exploitant n’a plus de quoi payer les frais. Cela continuera dès qu’il en aura.',
    RELAYER_NONCE_TAKEN:
      'Une autre transaction de l’exploitant passe d’abord. Cela continuera dès qu’elle sera dans un bloc.',
    WALLET_BUSY: 'Le portefeuille attend déjà une réponse. Ouvrez-le et regardez.',
    WALLET_CHAIN_UNKNOWN: 'Le portefeuille ne connaît pas ce réseau. Ajoutez-le-lui, puis réessayez.',
    WALLET_FAILED: 'Le portefeuille n’a pas répondu comme prévu. Rechargez la page et reconnectez-le.',
    SIGNATURE_INVALID: 'La signature ne convient pas. Signez de nouveau avec le bon compte.',
    MESSAGE_EXPIRED: 'Le message signé a expiré. Signez-en un nouveau.',
    VOTE_NOT_BEGUN: 'Le vote n’a pas commencé. Votez dans un moment.',
    VOTE_OVER: 'Le vote est terminé. Plus rien ne peut changer.',
    PROPOSAL_MISMATCH:
      'La proposition ne correspond pas à son identifiant. Ne vous fiez pas à ce que dit le serveur.',
  } satisfies typeof troubles,
  'components.unread': {
    old: 'Ce qui est affiché ici est peut-être ancien : impossible de le relire pour le moment. Cette page continue d’essayer.',
  } satisfies typeof unread,
  'components.trouble': {
    unknown: (code: string | undefined, message: string) =>
      `Une erreur est survenue (${code ?? message}). Réessayez ; si elle revient, rechargez la page.`,
  } satisfies typeof trouble,
}
