export const rewards = {
  title: 'Rewards',
  claimable: 'Ready to claim',
  earned: 'Earned so far',
  claimed: 'Claimed',
  claim: 'Claim to my wallet',
  claiming: 'Claiming…',
  free: 'Granary pays the network fee.',
  nothing: 'Nothing to claim right now. Uses are settled together, a little after they happen.',
  done: (amount: string) => `${amount} are on their way to your wallet.`,
  failedTitle: 'The claim did not go through',
  unavailable: 'Your rewards cannot be read right now. They are kept on chain.',
}
