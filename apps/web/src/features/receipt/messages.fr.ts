import type { receipt } from './messages.js'

const words: typeof receipt = {
  action: 'Reçu de consentement',
  label: (title) => `Télécharger le reçu de consentement de ${title}`,
  making: 'Préparation…',
  saved: 'Enregistré. Chacun peut le vérifier sans cette page : granary receipt verify FICHIER.',
  failed: 'Le reçu n’a pas pu être établi',
  unavailable:
    'Ce que vous avez signé ne peut pas être lu sur la chaîne pour l’instant. Réessayez plus tard : rien n’est perdu.',
  altered:
    'Ce qu’en dit le serveur du réseau n’est pas ce que vous avez signé : aucun reçu n’a donc été établi.',
}

export default { 'receipt.receipt': words }
