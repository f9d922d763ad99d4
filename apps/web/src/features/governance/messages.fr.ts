import type { VoteChoice } from '@granary/protocol'
import type { membership, proposal, proposals } from './messages.js'

export default {
  'governance.membership': {
    title: 'La DAO',
    votes: 'Vos voix',
    mintable: 'Gagnées et pas encore prises',
    join: 'Rejoindre la DAO',
    more: 'Prendre vos nouvelles voix',
    joining: 'Écriture sur la chaîne…',
    signs: (amount: string) =>
      `Vous signez que vous prenez ${amount} comme voix : une pour chaque jeton que vous avez encaissé. Cela ne coûte rien et ne déplace pas d’argent.`,
    means:
      'Les voix décident des prix, des frais, des entraîneurs et des dépositaires. Elles ne peuvent être ni vendues, ni prêtées, ni envoyées ; il en vient d’autres à mesure que vos données servent et que vous encaissez.',
    none: 'Les voix se gagnent quand vos données servent : encaissez d’abord un gain, puis rejoignez la DAO.',
    member: 'Vous êtes membre. De nouvelles voix viennent avec chaque gain que vous encaissez.',
    delegated: (account: string) => `Vos voix sont déléguées à ${account}.`,
    done: (amount: string) => `Vous avez pris ${amount} comme voix.`,
    failed: 'L’adhésion n’est pas passée',
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : rien n’a été pris.',
    unavailable: 'Vos voix ne peuvent pas être lues pour l’instant. Elles sont conservées sur la chaîne.',
  } satisfies typeof membership,
  'governance.proposals': {
    title: 'Propositions',
    lead: 'Ce que des membres proposent que la DAO fasse. Un vote dure un certain temps ; ce qui est adopté se fait après un délai.',
    none: 'Rien n’est proposé en ce moment. Ce que des membres proposent (en ligne de commande, granary proposals create) apparaît ici pour tout le monde.',
    failedTitle: 'Les propositions ne peuvent pas être affichées pour l’instant',
    failed: 'Elles sont conservées sur la chaîne. Cette page réessaie.',
    see: 'Voir la proposition',
    seeLabel: (does: string) => `Voir la proposition : ${does}`,
    more: 'En montrer plus',
    and: (n: number) => (n === 1 ? 'et une chose de plus' : `et ${n} choses de plus`),
    state: {
      pending: 'Le vote commence bientôt',
      active: 'Vote en cours',
      canceled: 'Reprise',
      defeated: 'Rejetée',
      succeeded: 'Adoptée, pas encore en file',
      queued: 'Adoptée, attend la fin de son délai',
      executed: 'Faite',
    },
    until: (time: string) => `jusqu’au ${time}`,
  } satisfies typeof proposals,
  'governance.proposal': {
    title: 'Une proposition à la DAO',
    lead: 'Ce qu’elle fait est établi ici à partir des appels mêmes sur lesquels vous voteriez, quoi que dise son texte.',
    reading: 'Lecture de la proposition…',
    unreadable: 'La proposition ne peut pas être lue',
    does: 'Ce qu’elle fait',
    raw: 'En données brutes',
    says: 'Son texte',
    by: 'Proposée par',
    time: 'Vote',
    between: (from: string, until: string) => `du ${from} au ${until}`,
    from: 'À faire',
    votes: 'Voix',
    counted: (choice: VoteChoice, amount: string) =>
      `${amount} ${{ for: 'pour', against: 'contre', abstain: 'en abstention' }[choice]}`,
    quorum: (amount: string, reached: boolean) =>
      `${amount} doivent prendre part, pour ou en abstention : ${reached ? 'atteint' : 'pas encore atteint'}`,
    quorumLater: 'Combien doivent prendre part se saura quand le vote commencera.',
    voters: 'Qui a voté',
    choose: { for: 'Voter pour', against: 'Voter contre', abstain: 'S’abstenir' },
    finalTitle: {
      for: 'Vous allez signer un vote pour',
      against: 'Vous allez signer un vote contre',
      abstain: 'Vous allez signer que vous vous abstenez',
    },
    final: (amount: string) =>
      `Il compte pour ${amount}, est public et ne peut pas être changé. Il ne coûte rien.`,
    confirm: 'Signer et voter',
    voting: 'Écriture sur la chaîne…',
    back: 'Retour',
    close: 'Fermer',
    queue: 'La mettre en file',
    queueNote:
      'Elle est adoptée. N’importe qui peut la mettre en file, vous aussi : rien n’est signé, Granary paie les frais.',
    execute: 'L’exécuter',
    executeNote:
      'Son délai est passé. N’importe qui peut la faire exécuter, vous aussi : rien n’est signé, Granary paie les frais.',
    yours: (choice: VoteChoice) =>
      ({
        for: 'Vous avez voté pour.',
        against: 'Vous avez voté contre.',
        abstain: 'Vous vous êtes abstenu.',
      })[choice],
    powerless: 'Vous n’aviez pas de voix quand ce vote a commencé : vous n’en avez donc pas ici.',
    voted: 'Votre vote est compté.',
    queued: 'Elle est en file et se fera après son délai.',
    executed: 'C’est fait.',
    failed: 'Cela n’est pas passé',
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : vous n’avez pas voté.',
  } satisfies typeof proposal,
}
