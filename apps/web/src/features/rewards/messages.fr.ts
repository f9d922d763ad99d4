import type { earnings, rewards } from './messages.js'

export default {
  'rewards.rewards': {
    title: 'Gains',
    claimable: 'Prêt à encaisser',
    earned: 'Gagné jusqu’ici',
    claimed: 'Encaissé',
    pending: 'Pas encore prêt',
    pendingFrom: (first: string, last?: string) =>
      `Peut être encaissé à partir du ${first}${last ? `, le reste à partir du ${last}` : ''}. D’ici là, une correction reste possible.`,
    claim: 'Encaisser sur mon portefeuille',
    claiming: 'Encaissement en cours…',
    free: 'Granary paie les frais du réseau.',
    nothing: 'Rien à encaisser pour l’instant. Les utilisations sont réglées ensemble, un peu après coup.',
    done: (amount: string) => `${amount} sont en route vers votre portefeuille.`,
    failedTitle: 'L’encaissement n’est pas passé',
    unavailable: 'Vos gains ne peuvent pas être lus pour l’instant. Ils sont conservés sur la chaîne.',
  } satisfies typeof rewards,
  'rewards.earnings': {
    title: 'D’où cela vient',
    empty:
      'Rien de gagné pour l’instant. Chaque utilisation sera listée ici : qui a utilisé quel jeu de données, pour quoi, et dans quel règlement vous avez été payé.',
    failedTitle: 'Vos gains ne peuvent pas être listés pour l’instant',
    failed: 'Ils sont conservés sur la chaîne. Cette page réessaie.',
    columns: {
      dataset: 'Jeu de données',
      trainer: 'Utilisé par',
      purpose: 'Pour',
      proof: 'Payé dans',
      amount: 'Vous avez gagné',
    },
    unnamed: 'Entraîneur sans nom',
    settlement: (number: number) => `Règlement ${number}`,
    readyFrom: (time: string) => `prêt à partir du ${time}`,
    request: 'demande',
    more: 'En montrer plus',
  } satisfies typeof earnings,
}
