import { bytes } from '../../lib/format.js'
import type { archive } from './export.messages.js'

const many = (n: number, one: string, more: string) => `${n.toLocaleString('fr-FR')} ${n < 2 ? one : more}`

export default {
  'export.archive': {
    title: 'Tout emporter',
    lead: 'Une seule archive avec tout ce qui est à vous ici : les fichiers scellés, leurs fiches et leur histoire, vos gains avec leur preuve, et les reçus qui vous ont payé. Une autre installation de Granary sur la même chaîne la reprend.',
    key: 'Y mettre aussi ma clé de récupération',
    keyNote:
      'Quiconque a une archive avec la clé peut ouvrir vos fichiers : gardez-la comme eux. Sans elle, il vous faut aussi votre fichier de récupération.',
    noKey: 'Il n’y a pas de clé de récupération à y mettre dans ce navigateur.',
    start: 'Tout exporter',
    toDisk: 'Elle est écrite au fur et à mesure dans le fichier que vous choisissez.',
    inBrowser:
      'Elle est d’abord rassemblée dans l’espace de ce navigateur, puis enregistrée comme un téléchargement.',
    running: (name: string, done: number, total: number) => `${name} : ${bytes(done)} sur ${bytes(total)}`,
    preparing: 'Rassemblement…',
    files: (n: number) => `${many(n, 'fichier scellé', 'fichiers scellés')} jusqu’ici`,
    cancel: 'Annuler',
    cancelled: 'Annulé. Rien n’a été enregistré ; un export interrompu recommence du début.',
    failed: 'L’export ne s’est pas terminé. Rien n’a été enregistré ; il recommence du début.',
    room: 'Il n’y a pas assez de place dans l’espace de ce navigateur. Utilisez un navigateur qui écrit dans un fichier, comme Chrome ou Edge, ou la ligne de commande : granary export.',
    done: (datasets: number, settlements: number) =>
      `Enregistré : ${many(datasets, 'jeu de données', 'jeux de données')}, ${many(settlements, 'règlement', 'règlements')}.`,
    absent: (n: number) =>
      `${many(n, 'jeu de données', 'jeux de données')} sans fichier scellé, que plus personne n’a : la fiche y est.`,
    verify: 'Vérifier une archive',
    verifyHelp:
      'Choisissez-en une déjà exportée. Cette page la lit en entier, vérifie chaque bloc et demande à la chaîne à qui appartient quoi. Elle reste sur cet appareil.',
    verifying: 'Vérification de l’archive…',
    whole: (datasets: number) =>
      `L’archive est entière, et la chaîne dit la même chose : ${many(datasets, 'jeu de données', 'jeux de données')} à vous.`,
    notYours: 'Elle est entière, mais d’un autre compte.',
    broken: 'L’archive ne tient pas',
    again: 'Exporter de nouveau',
    fileName: (account: string, date: string) => `granary-${account.slice(2, 8)}-${date}.tar`,
  } satisfies typeof archive,
}
