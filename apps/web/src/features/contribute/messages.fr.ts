import { count } from '../../lib/format.js'
import type {
  contribute,
  permissions,
  progress,
  purposeTitles,
  troubles,
  unfinished,
  uses,
} from './messages.js'

export default {
  'contribute.uses': {
    evaluation: {
      title: 'Tester un modèle',
      consequence: 'Vos données mesurent ce que vaut un modèle. Elles ne lui apprennent rien.',
    },
    'fine-tuning': {
      title: 'Perfectionner un modèle existant',
      consequence:
        'Un modèle continue de s’entraîner sur vos données pour progresser. Il peut en retenir des passages par cœur.',
    },
    pretraining: {
      title: 'Construire un nouveau modèle',
      consequence: 'Vos données entrent, avec énormément d’autres, dans ce que sait un nouveau modèle.',
    },
    retrieval: {
      title: 'Servir de source',
      consequence:
        'Un modèle lit vos données pendant qu’il répond. Des passages peuvent apparaître dans ses réponses.',
    },
    'synthetic-data': {
      title: 'Fabriquer des données artificielles',
      consequence:
        'De nouvelles données sont inventées sur le modèle des vôtres, puis utilisées à leur place.',
    },
  } satisfies typeof uses,
  'contribute.permissions': {
    commercial: {
      title: 'Y compris dans un but lucratif',
      consequence:
        'Des entreprises qui vendent le résultat peuvent demander elles aussi : davantage de demandes conviennent. Sans cela, seules les demandes non commerciales.',
    },
    'publish-weights': {
      title: 'Le modèle terminé peut être publié',
      consequence: 'N’importe qui peut alors le faire tourner, et ce qu’il a appris ne se rappelle plus.',
    },
    'keep-derived': {
      title: 'Ce qui en est tiré peut être conservé',
      consequence:
        'Des index et autres peuvent rester une fois le travail fini. Sans cela, l’entraîneur s’est engagé à les effacer.',
    },
  } satisfies typeof permissions,
  'contribute.purposeTitles': {
    evaluation: 'test',
    'fine-tuning': 'perfectionnement',
    pretraining: 'construction',
    retrieval: 'source de réponses',
    'synthetic-data': 'données artificielles',
    commercial: 'but lucratif',
    'publish-weights': 'modèle publié',
    'keep-derived': 'dérivés conservés',
    'clean-room': 'salle blanche seulement',
  } satisfies typeof purposeTitles,
  'contribute.contribute': {
    title: 'Contribuer',
    files: 'Vos fichiers',
    filesHelp: 'Chaque fichier devient un jeu de données. Il est scellé ici, avant d’aller où que ce soit.',
    drop: 'Déposez des fichiers ici',
    choose: 'Choisir des fichiers',
    chooseMore: 'Ajouter des fichiers',
    or: 'ou',
    remove: 'Retirer',
    removeFile: (title: string) => `Retirer ${title}`,
    pool: 'Le pool auquel ils appartiennent',
    poolHelp:
      'Un pool réunit des données d’une même sorte. Un entraîneur paie le prix du pool pour chaque jeu de données qu’il demande.',
    perUse: 'par utilisation',
    share: 'La moitié au moins vous revient ; le reste va aux dépositaires et à la caisse commune.',
    poolDatasets: (n: number) => `${count(n, 'jeu', 'jeux')} de données jusqu’ici`,
    noPools: 'Aucun pool n’accepte de contributions en ce moment.',
    poolsLoading: 'Recherche des pools…',
    poolsFailed: 'Les pools ne peuvent pas être lus pour l’instant. Cette page réessaie.',
    poolFallback: (id: number) => `Pool ${id}`,
    purposes: 'Ce à quoi ils peuvent servir',
    purposesHelp:
      'Rien n’est permis que vous n’ayez coché. Les clés ne sont remises que pour ces finalités ; ce qui se passe après une remise repose sur la parole de l’entraîneur.',
    usesTitle: 'Je permets de',
    permissionsTitle: 'Et dans ce cas',
    expiry: 'Jusqu’à quand',
    expiryHelp:
      'Après ce jour, plus aucune clé n’est remise. Vous pouvez retirer votre accord plus tôt, tant que vous avez votre portefeuille : une date de fin est là pour le jour où vous le perdez.',
    years: (n: number) => (n === 1 ? 'Un an' : n === 2 ? 'Deux ans' : 'Cinq ans'),
    until: (date: string) => `jusqu’au ${date}`,
    ownDate: 'Un autre jour',
    ownDateLabel: 'Dernier jour',
    noExpiry: 'Jusqu’à ce que je retire mon accord',
    noExpiryWarning: 'Si vous perdez votre portefeuille, personne ne pourra y mettre fin pour vous.',
    ask: 'Qui dit oui',
    askHelp: 'Cela peut changer plus tard, comme les finalités et la date de fin.',
    askNever: 'Quiconque respecte ce qui précède',
    askNeverNote:
      'Chaque demande d’un entraîneur agréé qui convient reçoit sa clé. Vous pouvez dormir tranquille.',
    askEach: 'Moi, à chaque fois',
    askEachNote:
      'Chaque demande attend votre oui et ne reçoit rien sans lui. Pour des fichiers rares et précieux : les demandes sans réponse expirent et ne rapportent rien.',
    public: 'Ce que tout le monde verra',
    publicHelp:
      'Ceci est public pour toujours, avec l’adresse de votre compte, le pool, les finalités, la date de fin et si l’on doit vous demander. Le contenu, le nom du fichier et sa clé ne le sont pas.',
    titleLabel: (file: string) => `Titre de ${file}`,
    type: 'Type',
    size: 'Taille',
    submit: (n: number) => (n > 1 ? `Sceller et contribuer ${n} fichiers` : 'Sceller et contribuer'),
    signatures: (n: number) =>
      n > 1
        ? `Votre portefeuille demandera ${n} signatures, une par fichier.`
        : 'Votre portefeuille demandera une signature.',
    costs: 'Cela ne vous coûte rien.',
    wrongChainFirst: 'Réglez d’abord votre portefeuille sur ce réseau, ci-dessus.',
    missing: {
      files: 'Choisissez au moins un fichier.',
      pool: 'Choisissez un pool.',
      purposes: 'Cochez au moins une chose que vous permettez.',
      expires: 'Choisissez un jour encore à venir.',
      ask: 'Choisissez qui dit oui.',
      title: 'Donnez un titre à chaque fichier.',
    },
    correct: 'Pas encore tout à fait prêt',
  } satisfies typeof contribute,
  'contribute.progress': {
    title: 'En route',
    keepOpen:
      'Gardez cette page ouverte jusqu’à la fin. Sinon, ce qui est déjà scellé pourra continuer plus tard.',
    seal: 'Scellement',
    upload: 'Envoi',
    register: 'Enregistrement',
    waiting: 'Attend son tour',
    sealing: (percent: number) => `Scellement dans ce navigateur, ${percent} %`,
    uploading: (percent: number) => `Envoi du fichier scellé, ${percent} %`,
    away: 'Le réseau ne répond pas. Cette page réessaie d’elle-même pendant dix minutes ; rien n’est perdu.',
    registering: 'Écriture sur la chaîne',
    signing: 'Confirmez dans votre portefeuille ; ensuite c’est écrit sur la chaîne',
    done: 'Enregistré. Il peut maintenant être demandé.',
    dataset: 'Jeu de données',
    transaction: 'transaction',
    cancelled: 'Annulé. Rien n’a été enregistré.',
    cancel: 'Annuler',
    retry: 'Réessayer',
    retryFrom: 'Cela recommence avec une nouvelle clé.',
    retryKept: 'Le fichier scellé est gardé dans ce navigateur. Cela reprend là où c’en était.',
    chooseAgain: 'Choisissez de nouveau le fichier pour le contribuer.',
    again: 'Contribuer davantage',
    announce: (title: string, state: string) => `${title} : ${state}`,
    allDone: (n: number) =>
      n === 1 ? 'Votre jeu de données est enregistré' : `Vos ${n} jeux de données sont enregistrés`,
    allDoneText:
      'Désormais, les entraîneurs dont la finalité convient peuvent les demander. Vous pouvez fermer cette page.',
    someFailed: 'Tout n’est pas passé',
    someFailedText: 'Ce qui est enregistré le reste. Vous pouvez réessayer les autres.',
  } satisfies typeof progress,
  'contribute.unfinished': {
    title: 'Pas encore terminé',
    lead: 'Vous étiez en train de contribuer ceci. Ce qui est scellé attend dans ce navigateur.',
    sealed: (date: string) => `Scellé, pas encore envoyé. Gardé ici jusqu’au ${date}.`,
    uploading: (date: string) => `Scellé ; l’envoi reprend là où il en était. Gardé ici jusqu’au ${date}.`,
    ended: 'La date de fin choisie est passée. Abandonnez-le et contribuez de nouveau le fichier.',
    standing: {
      interrupted:
        'Il n’était pas entièrement scellé, et rien n’en a été gardé. Choisissez de nouveau le fichier.',
      registered: 'C’est passé : votre jeu de données est enregistré.',
      elsewhere: 'Un autre onglet s’en occupe.',
    },
    continue: 'Continuer',
    continueLabel: (title: string) => `Continuer ${title}`,
    continueAll: (n: number) => `Continuer les ${n}`,
    wrongChainFirst: 'Réglez d’abord votre portefeuille sur ce réseau, ci-dessus.',
    discard: 'Abandonner',
    discardLabel: (title: string) => `Abandonner ${title}`,
    question: (title: string) => `Abandonner « ${title} » ?`,
    consequence:
      'Le fichier scellé est retiré de ce navigateur, et ce qui en a été envoyé est retiré du réseau. Rien n’est enregistré. Votre propre fichier reste tel quel.',
    keep: 'Le garder',
    confirm: 'L’abandonner',
    discarded: (title: string) => `« ${title} » est abandonné.`,
    discardFailed: 'Il n’a pas été abandonné',
    dismiss: 'Compris',
    dismissLabel: (title: string) => `Compris : ${title}`,
    dismissed: (title: string) => `« ${title} » n’est plus dans cette liste.`,
  } satisfies typeof unfinished,
  'contribute.troubles': {
    WALLET_REJECTED: 'Vous avez dit à votre portefeuille de ne pas signer : rien n’a été enregistré.',
    UNREACHABLE: 'Le réseau a cessé de répondre.',
    CONTRIBUTION_ELSEWHERE: 'Un autre onglet s’en occupe.',
    SEALED_TO_OTHER_KEYS:
      'Il était scellé pour des clés qui ne servent plus ; il a donc été retiré. Il faut le sceller de nouveau.',
    SEALED_FILE_GONE: 'Le fichier scellé n’est plus dans ce navigateur. Il faut le sceller de nouveau.',
    SOURCE_CHANGED: 'Le fichier a changé pendant qu’il était scellé. Choisissez-le de nouveau.',
    SOURCE_UNREADABLE:
      'Le fichier ne peut plus être lu. Il a peut-être été déplacé ou modifié ; choisissez-le de nouveau.',
    STORAGE_FULL: 'Ce navigateur n’a plus la place de garder le fichier scellé jusqu’à son envoi.',
    STORAGE_UNAVAILABLE:
      'Ce navigateur n’offre pas de stockage de fichiers ici. Une fenêtre privée peut en être la cause.',
    UPLOAD_TOO_LARGE: 'Le fichier est plus grand que ce que ce réseau accepte.',
    STORE_FULL: 'Le réseau n’a pas de place pour ce fichier en ce moment. Réessayez plus tard.',
    STORAGE_QUOTA_EXCEEDED: 'Le réseau a atteint la limite de ce qu’il garde. Réessayez plus tard.',
    QUOTA_EXCEEDED: 'Trop de vos fichiers attendent d’être contribués. Terminez-en ou abandonnez-en d’abord.',
    CONTENT_ERASED: 'Vous avez fait effacer ce fichier-là. Il peut être scellé et contribué à nouveau.',
    CID_MISMATCH: 'Le réseau a reçu autre chose que ce qui a été envoyé. Rien n’a été enregistré.',
    POOL_IS_CLOSED: 'Le pool n’accepte plus de contributions.',
    COMMITTEE_UNKNOWN: 'Les dépositaires n’ont pas encore de clé commune. Réessayez dans un moment.',
    COMMITTEE_UNCONFIRMED:
      'La clé des dépositaires n’a pas pu être confirmée par deux sources : rien n’a été scellé.',
    NETWORK_MISMATCH: 'Ce réseau n’est pas celui pour lequel cette page est faite : rien n’a été scellé.',
    DEPLOYMENT_MISSING: 'Cette page n’a pas été construite pour ce réseau : rien n’a été scellé.',
  } satisfies typeof troubles,
}
