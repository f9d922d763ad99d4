import type { build, ends } from './messages.js'

export default {
  'build.build': {
    label: 'Version',
    copy: 'Copier',
    copyLabel: 'Copier le CID de la version',
    copied: 'Copié',
    unknown: 'Ce serveur ne dit pas quelle version il sert.',
    ends: 'Où s’arrête la confiance',
  } satisfies typeof build,
  'build.ends': {
    title: 'Où s’arrête la confiance',
    lead: 'Cette page scelle vos fichiers et vous montre ce que vous signez. Il y a des choses qu’elle ne peut pas prouver, sur elle-même ou sur ceux dont elle dépend. Les voici.',
    page: {
      title: 'Cette page',
      text: [
        'Quiconque sert cette page (l’exploitant, ou quelqu’un qui s’y serait introduit) pourrait en servir une autre, à tous ou à vous seul. Celle-là pourrait lire vos fichiers et votre clé de récupération pendant que vous l’utilisez, ou vous montrer une chose et vous en faire signer une autre. Rien de ce qu’une page dit d’elle-même ne l’exclut, pas même ce texte ni la version nommée plus bas.',
        'La page se construit à partir de sources publiques, chaque fois aux mêmes octets ; elle ne charge rien d’ailleurs, et chaque publication nomme sa version par une adresse de contenu (CID). N’importe qui peut donc comparer ce qui est servi ici avec une version honnête, depuis un autre programme :',
      ],
      command: 'granary verify-web',
      copy: 'Copier la commande',
      served: 'Ce serveur dit qu’il sert cette version :',
      note: 'Comparez-la avec le CID que nomme la publication, pas avec cette page. La comparaison révèle une fausse page, elle ne l’empêche pas : un serveur peut mentir aux uns et pas aux autres, ou demain et pas aujourd’hui.',
      instead:
        'Pour des fichiers dont la divulgation vous ferait du tort, utilisez la ligne de commande à la place de cette page : granary contribute.',
    },
    wallet: {
      title: 'Votre portefeuille',
      text: 'Il a le dernier mot : ce qu’il montre est ce que vous signez, quoi que dise cette page. Lisez-le là. Qui possède sa clé peut ouvrir tous vos jeux de données et changer ce à quoi ils peuvent servir. Si vous le perdez, personne ne peut retirer votre accord à votre place.',
    },
    browser: {
      title: 'Votre navigateur et votre appareil',
      text: 'Les extensions, et quiconque utilise ce profil de navigateur, peuvent lire ce que lit cette page. La clé qui ouvre vos propres fichiers se trouve dans le stockage du navigateur ; gardez son fichier de récupération ailleurs.',
    },
    custodians: {
      title: 'Les dépositaires',
      text: (needed: number, all: number) =>
        `Ensemble, ${needed} des ${all} dépositaires pourraient ouvrir tout fichier scellé pour leur clé, même après avoir été remplacés. Vous faites confiance à ce que moins de ${needed} s’entendent contre vous. Aucun d’eux, pas plus que l’exploitant, ne peut ouvrir quoi que ce soit seul.`,
      unknown:
        'Assez de dépositaires ensemble pourraient ouvrir tout fichier scellé pour leur clé, même après avoir été remplacés. Aucun d’eux, pas plus que l’exploitant, ne peut ouvrir quoi que ce soit seul.',
    },
    trainers: {
      title: 'Les entraîneurs',
      text: 'Ce qu’un entraîneur a reçu, il peut le garder et le transmettre. Les clés ne sont remises que pour ce que vous avez permis ; que l’usage s’y tienne ensuite repose sur sa parole. Retirer votre accord arrête toute remise ultérieure et ne reprend rien.',
    },
    told: {
      title: 'Ce que dit le serveur',
      text: 'Les noms, les statistiques et les listes viennent du serveur de ce réseau, qui pourrait en omettre. Là où cette page dit « vérifié », elle l’a calculé elle-même à partir de la chaîne, pour autant que la connexion de votre portefeuille ou du réseau à la chaîne dise vrai.',
    },
  } satisfies typeof ends,
}
