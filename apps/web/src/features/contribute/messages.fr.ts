import type {
  contribute,
  gather,
  inside,
  pages,
  permissions,
  progress,
  purposeTitles,
  troubles,
  unfinished,
  uses,
} from './messages.js'
import type { underWay } from './underway.messages.js'

const number = (n: number) => n.toLocaleString('fr-FR')
const files = (n: number) => (n > 1 ? `${number(n)} fichiers` : `${number(n)} fichier`)

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
    filesHelp:
      'Chaque fichier devient un jeu de données, quelle que soit sa taille. Il est scellé ici, avant d’aller où que ce soit. Les dossiers entiers et le texte collé sont acceptés aussi.',
    drop: 'Déposez des fichiers ou des dossiers où vous voulez sur cette page,',
    dropHere: 'Lâchez pour les ajouter',
    pasted: 'Texte collé',
    choose: 'Choisir des fichiers',
    chooseMore: 'Ajouter des fichiers',
    chooseFolder: 'Choisir un dossier',
    or: 'ou',
    chosen: (n: number, size: string) => `${files(n)}, ${size}`,
    empty: 'vide',
    remove: 'Retirer',
    removeAll: 'Tout retirer',
    removeFile: (title: string) => `Retirer ${title}`,
    pool: 'Le pool auquel ils appartiennent',
    poolHelp:
      'Un pool réunit des données d’un même genre. Un entraîneur paie le prix du pool pour chaque jeu de données qu’il demande.',
    perUse: 'par utilisation',
    share: 'Au moins la moitié vous revient ; le reste va aux dépositaires et à la trésorerie commune.',
    poolDatasets: (n: number) => `${number(n)} ${n > 1 ? 'jeux' : 'jeu'} de données pour l’instant`,
    noPools: 'Aucun pool n’accepte de contributions en ce moment.',
    poolGone: (pool: string) => `« ${pool} » n’accepte plus de contributions. Choisissez un autre pool.`,
    poolsLoading: 'Chargement des pools…',
    poolsFailed: 'Les pools ne peuvent pas être chargés pour l’instant. Cette page réessaie.',
    poolFallback: (id: number) => `Pool ${id}`,
    purposes: 'Ce qui est permis',
    purposesHelp:
      'Rien n’est permis que vous n’ayez coché. Les clés ne sont remises que pour ces usages ; ce qui se passe ensuite repose sur la parole de l’entraîneur.',
    usesTitle: 'Je permets',
    permissionsTitle: 'Et dans ce cas',
    expiry: 'Jusqu’à quand',
    expiryHelp:
      'Après ce jour, plus aucune clé n’est remise. Vous pouvez retirer votre accord plus tôt, tant que vous avez votre portefeuille : une date de fin sert pour le jour où vous le perdriez.',
    years: (n: number) => (n === 1 ? 'Un an' : n === 2 ? 'Deux ans' : 'Cinq ans'),
    until: (date: string) => `jusqu’au ${date}`,
    ownDate: 'Un autre jour',
    ownDateLabel: 'Dernier jour',
    noExpiry: 'Jusqu’à ce que je retire mon accord',
    noExpiryWarning: 'Si vous perdez votre portefeuille, personne ne pourra y mettre fin pour vous.',
    ask: 'Qui dit oui',
    askHelp: 'Cela peut être changé plus tard, de même que les usages et la fin.',
    askNever: 'Quiconque respecte ce qui précède',
    askNeverNote: 'Chaque demande d’un entraîneur agréé qui convient reçoit sa clé. Vous pouvez dormir.',
    askEach: 'Moi, chaque fois',
    askEachNote:
      'Chaque demande attend votre oui et n’obtient rien sans lui. Pour des fichiers rares et précieux : les demandes sans réponse expirent et ne rapportent rien.',
    public: 'Ce que tout le monde verra',
    publicHelp:
      'Ceci est public pour toujours, avec l’adresse de votre compte, le pool, les usages, la date de fin et si l’on vous demande. Ce que contiennent vos fichiers a été regardé ici, dans ce navigateur : modifiez-le ou laissez-le de côté.',
    neverTitle: 'Ce que personne ne voit sans clé',
    never: [
      'Le contenu des fichiers : aucune valeur, aucune ligne, aucun exemple n’est publié.',
      'Les noms des fichiers et de leurs dossiers, sauf là où vous les laissez dans un titre.',
      'La clé qui les ouvre.',
    ],
    describeIt: (has: boolean) => (has ? 'Description' : 'Ajouter une description'),
    descriptionLabel: (title: string) => `Ce que les autres devraient savoir de « ${title} »`,
    lookingStill: (n: number) =>
      `${n > 1 ? `${number(n)} fichiers sont encore regardés` : 'Un fichier est encore regardé'}. Si vous continuez maintenant, rien de leur contenu n’est publié.`,
    titleLabel: (file: string) => `Titre de ${file}`,
    type: 'Type',
    size: 'Taille',
    submit: (n: number) => (n > 1 ? `Sceller et apporter ${n} fichiers` : 'Sceller et apporter'),
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
      expires: 'Choisissez un jour à venir.',
      ask: 'Choisissez qui dit oui.',
      title: 'Donnez un titre à chaque fichier.',
    },
    correct: 'Pas tout à fait prêt',
  } satisfies typeof contribute,
  'contribute.gather': {
    title: 'Tout n’a pas été pris',
    tooMany: (n: number, most: number) =>
      `${number(n)} de trop : une contribution prend au plus ${files(most)}. Apportez d’abord ceux-ci, puis ajoutez les autres.`,
    unreadable: (n: number) =>
      n > 1
        ? `${number(n)} fichiers ou dossiers n’ont pas pu être lus.`
        : 'Un fichier ou dossier n’a pas pu être lu.',
    hidden: (n: number) =>
      n > 1
        ? `${number(n)} fichiers cachés ont été laissés de côté, comme .DS_Store.`
        : 'Un fichier caché a été laissé de côté, comme .DS_Store.',
    duplicate: (n: number) =>
      n > 1 ? `${number(n)} fichiers sont déjà dans la liste.` : 'Un fichier est déjà dans la liste.',
  } satisfies typeof gather,
  'contribute.pages': {
    more: (n: number, left: number) =>
      n === left ? `Montrer les ${n} autres` : `Montrer ${n} de plus sur ${number(left)}`,
  } satisfies typeof pages,
  'contribute.inside': {
    of: (title: string) => `Ce que contient ${title}`,
    looking: 'Son contenu est regardé…',
    notRecognised: 'Son contenu n’est pas reconnu ; rien n’en est dit.',
    publish: 'Publier ce qu’il contient :',
    change: 'Voir et modifier',
    formats: {
      csv: 'Tableau (CSV)',
      jsonl: 'Enregistrements (JSON lines)',
      json: 'JSON',
      parquet: 'Tableau (Parquet)',
      zip: 'Archive (ZIP)',
    },
    types: {
      string: 'texte',
      number: 'nombres',
      boolean: 'oui ou non',
      date: 'dates',
      object: 'imbriqué',
      mixed: 'mélangé',
    },
    columns: (n: number) => (n > 1 ? `${number(n)} colonnes` : `${number(n)} colonne`),
    rows: (n: number, exact: boolean) =>
      `${exact ? '' : 'environ '}${number(n)} ${n > 1 ? 'lignes' : 'ligne'}`,
    days: (from: string, to: string) => (from === to ? from : `du ${from} au ${to}`),
    files,
    untitled:
      'La première ligne ne ressemble pas à des noms de colonnes ; elle n’est donc pas publiée. Vous pouvez les nommer.',
    moreColumns: (n: number) => `${number(n)} autres colonnes ne sont pas listées.`,
    keepColumn: (name: string) => `Publier la colonne ${name}`,
    nameOfColumn: (name: string) => `Nom publié de la colonne ${name}`,
    entries: 'Fichiers par genre',
    entry: (kind: string, n: number, size: string) => `${kind} : ${number(n)}, ${size}`,
    tables: 'Tableaux qu’elle contient',
    tablesNote: 'Vous seul voyez leurs noms. De leurs colonnes, la liste ci-dessus est publiée.',
  } satisfies typeof inside,
  'contribute.progress': {
    title: 'En route',
    keepOpen:
      'Vous pouvez aller sur d’autres pages, mais gardez cet onglet ouvert. S’il se ferme, ce qui est scellé reprendra d’ici à votre retour.',
    seal: 'Scellement',
    upload: 'Envoi',
    register: 'Enregistrement',
    waiting: 'Attend son tour',
    sealing: (percent: number) => `Scellement dans ce navigateur, ${percent} %`,
    uploading: (percent: number) => `Envoi du fichier scellé, ${percent} %`,
    away: 'Le réseau ne répond pas. Un nouvel essai se fait tout seul pendant dix minutes ; rien n’est perdu.',
    registering: 'Inscription sur la chaîne',
    signing: 'Confirmez dans votre portefeuille ; ensuite, c’est inscrit sur la chaîne',
    done: 'Enregistré. On peut maintenant le demander.',
    cancelled: 'Annulé. Rien n’a été enregistré.',
    paused: 'En pause. Il reprendra là où il s’est arrêté.',
    pausedSealing: 'En pause pendant le scellement. Il reprendra tant que cet onglet reste ouvert.',
    queued: 'Scellé ; attend l’envoi précédent',
    allPaused: 'En pause',
    pausedText: 'Rien n’est envoyé avant que vous ne repreniez. Ce qui est scellé attend dans ce navigateur.',
    pause: 'Pause',
    pauseLabel: (title: string) => `Mettre ${title} en pause`,
    pauseAll: 'Tout mettre en pause',
    resume: 'Reprendre',
    resumeLabel: (title: string) => `Reprendre ${title}`,
    resumeAll: (n: number) => (n === 1 ? 'Reprendre' : `Reprendre les ${n}`),
    cancel: 'Annuler',
    cancelLabel: (title: string) => `Annuler ${title}`,
    cancelAll: 'Tout annuler',
    cancelQuestion: (title: string) => `Annuler « ${title} » ?`,
    cancelAllQuestion: (n: number) => (n === 1 ? 'Annuler ce fichier ?' : `Annuler les ${n} fichiers ?`),
    cancelConsequence:
      'Ce qui a été scellé et envoyé jusqu’ici est jeté, ici et sur le réseau. Rien n’est enregistré. Vos propres fichiers restent tels quels.',
    cancelKeep: 'Continuer',
    cancelConfirm: 'Annuler',
    retry: 'Réessayer',
    retryAll: (n: number) => (n === 1 ? 'Réessayer' : `Réessayer les ${n}`),
    addMore: 'Ajouter des fichiers',
    dataset: 'Jeu de données',
    transaction: 'transaction',
    retryFrom: 'Cela recommence avec une nouvelle clé.',
    retryKept: 'Le fichier scellé est gardé dans ce navigateur. Cela reprend là où cela s’est arrêté.',
    chooseAgain: 'Choisissez de nouveau le fichier pour l’apporter.',
    again: 'Apporter d’autres fichiers',
    announce: (title: string, state: string) => `${title} : ${state}`,
    allDone: (n: number) =>
      n === 1 ? 'Votre jeu de données est enregistré' : `Vos ${n} jeux de données sont enregistrés`,
    allDoneText:
      'Désormais, les entraîneurs dont l’usage convient peuvent le demander. Vous pouvez fermer cette page.',
    someFailed: 'Tout n’a pas abouti',
    someFailedText: 'Ce qui est enregistré le reste. Vous pouvez réessayer les autres.',
  } satisfies typeof progress,
  'contribute.unfinished': {
    title: 'Pas encore terminé',
    lead: 'Vous étiez en train d’apporter ceci. Ce qui est scellé attend dans ce navigateur.',
    sealed: (date: string) => `Scellé, pas encore envoyé. Gardé ici jusqu’au ${date}.`,
    uploading: (date: string) =>
      `Scellé ; l’envoi reprend là où il s’est arrêté. Gardé ici jusqu’au ${date}.`,
    ended: 'La fin que vous aviez choisie est passée. Écartez-le et apportez de nouveau le fichier.',
    standing: {
      interrupted:
        'Il n’était pas entièrement scellé, et rien n’en a été gardé. Choisissez de nouveau le fichier.',
      registered: 'C’est fait : votre jeu de données est enregistré.',
      elsewhere: 'Un autre onglet y travaille.',
    },
    sealAgain:
      'Le scellement n’était pas terminé, et rien n’en a été gardé. Le même fichier peut être scellé de nouveau.',
    chooseAgain: (name: string, size: string) =>
      `Le scellement n’était pas terminé, et rien n’en a été gardé. Choisissez de nouveau le fichier « ${name} » (${size}).`,
    goOn: 'Poursuivre',
    goOnLabel: (title: string) => `Poursuivre avec ${title}`,
    choose: 'Le choisir de nouveau',
    chooseLabel: (name: string) => `Le choisir de nouveau : ${name}`,
    another: (name: string) =>
      `Ce n’est pas « ${name} » tel qu’il était : son nom, sa taille ou sa date diffère.`,
    denied: 'Votre navigateur n’a pas le droit de lire le fichier. Rien n’a changé.',
    gone: (name: string) => `« ${name} » n’est plus à sa place. Choisissez-le là où il est maintenant.`,
    continue: 'Continuer',
    continueLabel: (title: string) => `Continuer ${title}`,
    continueAll: (n: number) => `Continuer les ${n}`,
    wrongChainFirst: 'Réglez d’abord votre portefeuille sur ce réseau, ci-dessus.',
    discard: 'Écarter',
    discardLabel: (title: string) => `Écarter ${title}`,
    question: (title: string) => `Écarter « ${title} » ?`,
    consequence:
      'Le fichier scellé est retiré de ce navigateur, et ce qui en a été envoyé est retiré du réseau. Rien n’est enregistré. Votre propre fichier reste tel quel.',
    keep: 'Le garder',
    confirm: 'L’écarter',
    discarded: (title: string) => `« ${title} » est écarté.`,
    discardFailed: 'Il n’a pas été écarté',
    dismiss: 'Compris',
    dismissLabel: (title: string) => `Compris : ${title}`,
    dismissed: (title: string) => `« ${title} » n’est plus dans cette liste.`,
  } satisfies typeof unfinished,
  'contribute.troubles': {
    WALLET_REJECTED: 'Vous avez dit à votre portefeuille de ne pas signer ; rien n’a été enregistré.',
    UNREACHABLE: 'Le réseau a cessé de répondre.',
    UNAUTHENTICATED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
    SESSION_EXPIRED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
    CONTRIBUTION_ELSEWHERE: 'Un autre onglet y travaille.',
    SEALED_TO_OTHER_KEYS:
      'Il avait été scellé pour des clés qui ne servent plus ; il a été retiré. Il faut le sceller de nouveau.',
    SEALED_FILE_GONE: 'Le fichier scellé n’est plus dans ce navigateur. Il faut le sceller de nouveau.',
    SOURCE_CHANGED: 'Le fichier a changé pendant le scellement. Choisissez-le de nouveau.',
    SOURCE_UNREADABLE:
      'Le fichier ne peut plus être lu. Il a peut-être été déplacé ou modifié ; choisissez-le de nouveau.',
    STORAGE_FULL: 'Ce navigateur n’a plus de place pour garder le fichier scellé jusqu’à son envoi.',
    STORAGE_UNAVAILABLE:
      'Ce navigateur n’offre ici aucun stockage de fichiers. Une fenêtre privée peut en être la raison.',
    UPLOAD_TOO_LARGE: 'Le fichier est plus grand que ce que ce réseau accepte.',
    STORE_FULL: 'Le réseau n’a pas de place pour ce fichier maintenant. Réessayez plus tard.',
    STORAGE_QUOTA_EXCEEDED: 'Le réseau garde autant qu’il le peut. Réessayez plus tard.',
    QUOTA_EXCEEDED: 'Trop de vos fichiers attendent d’être apportés. Terminez-en ou écartez-en d’abord.',
    CONTENT_ERASED: 'Vous avez fait effacer ce fichier même. Il peut être scellé et apporté de nouveau.',
    CID_MISMATCH: 'Le réseau a reçu autre chose que ce qui a été envoyé. Rien n’a été enregistré.',
    POOL_IS_CLOSED: 'Le pool n’accepte plus de contributions. Choisissez-en un autre pour ce fichier.',
    POOL_UNKNOWN: 'Ce pool n’existe plus sur ce réseau. Choisissez-en un autre pour ce fichier.',
    COMMITTEE_MISSING: 'Les dépositaires n’ont pas encore de clé commune. Réessayez dans un instant.',
    COMMITTEE_UNKNOWN:
      'Il a été scellé pour des dépositaires qui ne sont plus en fonction. Il faut le sceller à nouveau.',
    COMMITTEE_UNCONFIRMED:
      'La clé des dépositaires n’a pas pu être confirmée par deux sources ; rien n’a été scellé.',
    NETWORK_MISMATCH: 'Le réseau n’est pas celui pour lequel cette page est faite ; rien n’a été scellé.',
    DEPLOYMENT_MISSING: 'Cette page n’a pas été faite pour ce réseau ; rien n’a été scellé.',
  } satisfies typeof troubles,
  'contribute.underWay': {
    title: 'Contributions en route',
    inAll: 'Tous les fichiers ensemble',
    registeredOf: (done: number, all: number) => `${done} sur ${all} enregistrés`,
    failedOf: (n: number) => (n > 1 ? `${n} échecs` : `${n} échec`),
    pausedOf: (n: number) => `${n} en pause`,
    uploadedOf: (done: string, all: string) => `${done} sur ${all} envoyés`,
    speed: (bytes: string) => `${bytes} par seconde`,
    timeLeft: (seconds: number) => {
      if (seconds < 60) return `encore ${Math.max(1, seconds)} s`
      const minutes = Math.round(seconds / 60)
      if (minutes < 60) return `encore ${minutes} min`
      return `encore ${Math.floor(minutes / 60)} h ${minutes % 60} min`
    },
  } satisfies typeof underWay,
}
