import type { intro, steps, trust } from './messages.js'

export default {
  'intro.intro': {
    how: 'Comment cela se passe',
    title: ['Gardez vos données.', 'Soyez payé quand elles servent.'],
    lead: 'Granary garde vos fichiers scellés, laisse des entraîneurs agréés de modèles d’IA s’en servir uniquement pour ce que vous avez permis, et vous paie à chaque fois.',
  } satisfies typeof intro,
  'intro.steps': [
    {
      title: 'Vous scellez',
      text: 'Votre fichier est chiffré dans ce navigateur, avec une clé faite pour lui seul. Seul le fichier scellé quitte votre appareil.',
    },
    {
      title: 'Vous décidez',
      text: 'Vous dites à quoi il peut servir et jusqu’à quand. Votre portefeuille le signe ; c’est écrit sur la chaîne sans frais pour vous.',
    },
    {
      title: 'Vous gagnez',
      text: 'Un entraîneur paie avant de recevoir une clé, pour chaque jeu de données qu’il demande. Votre part attend que vous l’encaissiez. Vous pouvez retirer votre accord à tout moment.',
    },
  ] satisfies typeof steps,
  'intro.trust': {
    title: 'À qui vous devez faire confiance',
    lead: 'À personne pour tout. Voici ce que chacun des autres pourrait faire s’il tournait mal, et ce qu’il ne pourrait pas.',
    who: 'Si celui-ci tourne mal',
    can: 'il peut',
    cannot: 'il ne peut pas',
    rows: [
      {
        who: 'L’exploitant de ce réseau, sans compter qu’il sert cette page',
        can: 'refuser ou retarder le service, et apprendre qui demande quoi',
        cannot: 'lire vos données, changer ce que vous avez permis, ni toucher à vos gains',
      },
      {
        who: 'Quiconque sert cette page web',
        can: 'lire fichiers et clés de récupération pendant que la page est utilisée, ou vous montrer une chose et vous en faire signer une autre',
        cannot: 'le faire à ceux qui utilisent plutôt la ligne de commande',
      },
      {
        who: 'Un dépositaire, ou moins qu’il n’en faut ensemble',
        can: 'refuser sa part',
        cannot: 'ouvrir quoi que ce soit',
      },
      {
        who: 'Tant de dépositaires qui refusent qu’il en reste trop peu',
        can: 'arrêter les remises et les gains ; les utilisations pas encore réglées restent impayées',
        cannot: 'garder vos données ni l’argent de personne',
      },
      {
        who: 'Autant de dépositaires qu’il en faut ensemble',
        can: 'ouvrir tout fichier scellé pour leur clé, et régler de faux gains',
        cannot: 'changer sur la chaîne ce que vous avez permis',
      },
      {
        who: 'Le gardien, qui veille sur les règlements',
        can: 'annuler un règlement avant qu’il ne prenne effet, encore et encore',
        cannot: 'faire autre chose : rien ne lui est payé, et ce qui est annulé est réglé de nouveau',
      },
      {
        who: 'Le conseil',
        can: 'agréer un mauvais entraîneur, ou suspendre et révoquer un bon, jusqu’à ce que les votes lui retirent ce droit',
        cannot: 'changer les prix ou les frais, choisir les dépositaires, ni ouvrir un fichier scellé',
      },
      {
        who: 'Une majorité des voix',
        can: 'agréer un mauvais entraîneur, choisir les dépositaires des fichiers à venir, augmenter les frais jusqu’à une limite fixe, et dépenser la trésorerie',
        cannot:
          'ouvrir un fichier scellé, contrefaire votre accord, ni passer sous le prix minimal d’un pool',
      },
      {
        who: 'Un entraîneur',
        can: 'divulguer ce qu’il a reçu',
        cannot:
          'obtenir un jeu de données pour une finalité que vous n’avez pas permise, ni payer moins que le prix',
      },
      {
        who: 'Un voleur de la clé de votre portefeuille',
        can: 'ouvrir tous vos jeux de données et changer ce que vous avez permis',
        cannot: 'toucher à qui que ce soit d’autre',
      },
    ],
    plainly:
      'Retirer votre accord arrête toute remise à venir. Cela ne reprend pas ce qu’un entraîneur possède déjà. Ce qui est sur la chaîne, dans les titres et les descriptions, est public pour toujours, et des fichiers scellés peuvent être copiés et, un jour, déchiffrés.',
  } satisfies typeof trust,
}
