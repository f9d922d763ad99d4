import { texts } from '../../lib/language.js'

export const receipt = texts('receipt.receipt', {
  action: 'Consent receipt',
  label: (title: string) => `Download the consent receipt of ${title}`,
  making: 'Making it…',
  saved: 'Saved. Anybody can check it without this page: granary receipt verify FILE.',
  failed: 'The receipt could not be made',
  unavailable: 'What you signed cannot be read from the chain right now. Try again later: it is not lost.',
  altered: 'What the network’s server says of it is not what you signed, so no receipt was made.',
})
