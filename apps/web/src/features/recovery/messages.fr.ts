import type { recovery } from './messages.js'

export default {
  'recovery.recovery': {
    title: 'Fichier de récupération',
    none: 'Avec le premier fichier que vous scellez ici, ce navigateur crée une clé à vous, qui ouvrira toujours ce qu’elle a scellé. Il vous sera alors demandé de l’enregistrer.',
    warnTitle: 'Enregistrez votre fichier de récupération',
    warn: 'La clé qui ouvre vos propres fichiers n’existe que dans ce navigateur. Si ses données sont effacées ou l’appareil perdu, vous ne pourrez plus les ouvrir par vous-même.',
    warnPasskey:
      'Votre clé est aussi gardée par une clé d’accès, ce qui aide tant que vous pouvez vous en servir et que vous avez son fichier scellé. Le fichier de récupération, lui, ne dépend de personne.',
    explain:
      'Avec lui, n’importe quel programme age ouvre ce que vous avez scellé ici, sans Granary. Quiconque l’a peut ouvrir vos jeux de données : gardez-le comme une clé de maison.',
    saved: (date: string) => `Enregistré le ${date}. Gardez-le pour vous.`,
    save: 'Enregistrer le fichier de récupération',
    again: 'L’enregistrer de nouveau',
    failed: 'Il n’a pas pu être lu dans ce navigateur.',
    load: 'Charger un fichier de récupération',
    loadHelp: 'D’un autre navigateur : ce qui y a été scellé pourra alors s’ouvrir ici aussi.',
    loaded: 'Chargé. Ce qu’il a scellé peut désormais s’ouvrir dans ce navigateur aussi.',
    loadedAlready: 'Ce navigateur l’a déjà.',
    loadFailed: 'Ce fichier n’a pas été chargé',
    notOne: 'Ce n’est pas un fichier de récupération : il ne contient aucune identité age.',
    unreadable: 'Le fichier n’a pas pu être lu.',
    fileName: (account: string) => `granary-recuperation-${account.slice(2, 8)}.txt`,
  } satisfies typeof recovery,
}
