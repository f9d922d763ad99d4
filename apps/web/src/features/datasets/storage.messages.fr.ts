import type { StorageEventItem, StorageResource } from '@granary/protocol'
import { count, moment } from '../../lib/format.js'
import type { erase, storage } from './storage.messages.js'

type Copy = StorageResource['locations'][number]

const OWN = 'Le stockage de l’exploitant'

const states: Record<Copy['state'], string> = {
  unchecked: 'pas encore copié',
  pending: 'copie en cours',
  held: 'une copie s’y trouve',
  missing: 'pas de copie',
  failing: 'impossible à dire pour l’instant',
  erased: 'effacé',
}

const codes: Record<string, string> = {
  LOCATION_LIED: 'il a donné de faux octets, qui ont été jetés',
  LOCATION_TIMEOUT: 'il ne répond pas à temps',
  LOCATION_UNREACHABLE: 'il ne répond pas',
  LOCATION_NOT_CONFIGURED: 'l’exploitant ne s’en sert plus',
}

const events: Record<StorageEventItem['type'], string> = {
  held: 'Trouvé complet',
  missing: 'Des parties manquaient',
  repaired: 'Réparé',
  lost: 'Trouvé dans aucun endroit connu',
  copied: 'Copié',
  'copy-missing': 'Une copie était incomplète',
  lied: 'Un endroit a donné de faux octets',
  erased: 'Effacé',
  kept: 'Pas effacé : un autre jeu de données a le même fichier',
}

const name = ({ kind, location }: Copy) =>
  kind === 'own' ? OWN : kind === 'gateway' ? `${location} (chez quelqu’un d’autre)` : location

export default {
  'datasets.storage': {
    unchecked: 'Stocké, pas encore vérifié',
    held: (copies: number, ago: string) => `${count(copies, 'copie')}, dernière vérification ${ago}`,
    missing: (ago: string) => `Des parties manquent et sont recherchées, dernière vérification ${ago}`,
    lost: (ago: string) => `Trouvé dans aucun endroit connu, dernière vérification ${ago}`,
    erasing: 'Effacement en cours',
    erased: (time: string) => `Effacé le ${moment(time)}`,
    kept: 'Pas effacé : un autre jeu de données a le même fichier.',
    sharedBlocks: (blocks: number) =>
      blocks === 1
        ? 'Une partie reste aussi, car un autre fichier la contient.'
        : `${count(blocks, 'partie')} restent aussi, car d’autres fichiers les contiennent.`,
    failed: 'Où il se trouve ne peut pas être affiché pour l’instant',
    where: 'Où il se trouve',
    nowhere: 'Aucun endroit n’est encore connu.',
    next: (time: string) => `La prochaine vérification est prévue le ${moment(time)}.`,
    history: 'Ce qui lui est arrivé',
    nothing: 'Rien pour l’instant.',
    own: OWN,
    copy: (copy: Copy) =>
      `${name(copy)} : ${states[copy.state]}${copy.code ? `, ${codes[copy.code] ?? copy.code}` : ''}`,
    event: ({ type, location, blocks }: StorageEventItem) =>
      [
        events[type],
        location ? `(${location === 'here' ? 'stockage de l’exploitant' : location})` : '',
        blocks === null ? '' : `– ${count(blocks, 'bloc')}`,
      ]
        .filter(Boolean)
        .join(' '),
  } satisfies typeof storage,
  'datasets.erase': {
    also: 'Et effacer le fichier scellé',
    alsoNote:
      'L’exploitant le supprime partout où il en a la maîtrise. Les copies ailleurs, et ce qu’un entraîneur possède déjà, ne se rappellent pas.',
    open: 'Effacer',
    openLabel: (title: string) => `Effacer ${title}`,
    title: (title: string) => `Effacer « ${title} » ?`,
    deletes: 'L’exploitant supprime le fichier scellé partout où il en a la maîtrise.',
    final: 'C’est sans retour, et vous non plus ne pourrez plus récupérer vos données d’ici.',
    cannot: 'Les copies ailleurs, et ce qu’un entraîneur possède déjà, ne se rappellent pas.',
    pending: 'Plus aucun entraîneur n’est servi, même pour une demande déjà payée.',
    keep: 'Le laisser là',
    confirm: 'Effacer pour de bon',
    busy: 'Effacement en cours…',
    failed: 'Il n’a pas été effacé',
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : rien n’a changé.',
    asked: (title: string) =>
      `« ${title} » est en cours d’effacement. La ligne ci-dessous dira quand ce sera fait.`,
    kept: (title: string) => `« ${title} » n’a pas été effacé : un autre jeu de données a le même fichier.`,
    withdrawnToo: (title: string) =>
      `« ${title} » est retiré et en cours d’effacement. Plus aucune clé n’en est remise.`,
    withdrawnOnly: (title: string) =>
      `« ${title} » est retiré, mais son effacement n’a pas pu être demandé. Utilisez Effacer pour le redemander.`,
  } satisfies typeof erase,
}
