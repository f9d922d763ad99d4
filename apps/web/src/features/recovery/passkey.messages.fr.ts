import type { passkeys, passkeyTroubles } from './passkey.messages.js'

export default {
  'recovery.passkeys': {
    title: 'Clé d’accès',
    explain:
      'Votre clé peut aussi être gardée par une clé d’accès : elle est scellée de sorte que la clé d’accès l’ouvre, et un autre navigateur qui a cette clé d’accès se passe du fichier de récupération.',
    who: 'Quiconque peut se servir de la clé d’accès et obtient le fichier scellé peut ouvrir vos jeux de données. Si la clé d’accès est synchronisée, le service qui la synchronise en fait peut-être partie. Si vous perdez la clé d’accès sans avoir de fichier de récupération, ce qu’elle garde est perdu pour vous.',
    keep: 'Garder par une clé d’accès',
    keepAnother: 'Garder par une autre clé d’accès',
    keepHelp: 'Votre navigateur demande deux fois : pour créer la clé d’accès, puis pour sceller avec elle.',
    goOn: 'Sceller avec la nouvelle clé d’accès',
    goOnHelp: 'La clé d’accès est créée ; rien n’est encore scellé avec elle.',
    waiting: 'En attente de votre clé d’accès…',
    copy: 'Laisser le fichier scellé au serveur de ce réseau',
    copyNote:
      'Un nouveau navigateur l’y trouve dès que vous êtes connecté. Le serveur ne peut pas l’ouvrir ; il voit que vous gardez une clé ainsi. Il peut le perdre : cela ne remplace pas le fichier de récupération.',
    kept: 'Votre clé est gardée par la clé d’accès.',
    keptOn: (date: string) => `Gardée par une clé d’accès depuis le ${date}`,
    copies: {
      same: 'Le fichier scellé est dans ce navigateur et sur le serveur de ce réseau.',
      older: 'Le fichier scellé est dans ce navigateur ; celui du serveur est plus ancien.',
      none: 'Le fichier scellé n’est que dans ce navigateur : enregistrez-le ou laissez-en une copie au serveur, sinon aucun autre navigateur ne le trouvera.',
    },
    behind: 'Vos clés n’y sont pas toutes',
    behindText: 'Vous avez chargé depuis des clés d’autres navigateurs.',
    renew: 'Les sceller toutes',
    renewed:
      'Toutes les clés de ce navigateur sont maintenant gardées par la clé d’accès. Les fichiers enregistrés auparavant ne les ont pas.',
    save: 'Enregistrer le fichier de clé d’accès',
    leave: 'Laisser une copie au serveur',
    copied: 'Le fichier scellé est aussi sur le serveur.',
    fileName: (account: string) => `granary-cle-d-acces-${account.slice(2, 8)}.json`,
    remove: 'Supprimer…',
    removeLabel: (date: string) => `Supprimer la clé d’accès du ${date}`,
    removeTitle: (date: string) => `Supprimer la clé d’accès du ${date} ?`,
    removes:
      'Son fichier scellé est supprimé de ce navigateur et du serveur, et votre navigateur est prié de supprimer la clé d’accès elle-même. Vérifiez dans votre gestionnaire de mots de passe s’il l’a fait : cette page ne le peut pas. La clé reste dans ce navigateur.',
    removeFiles:
      'Un fichier de clé d’accès que vous avez enregistré, ou que quelqu’un a copié, s’ouvre avec la clé d’accès tant que celle-ci existe quelque part.',
    removeUnsaved:
      'Vous n’avez pas enregistré de fichier de récupération dans ce navigateur. Faites-le d’abord, sinon ce navigateur aura peut-être la seule copie de votre clé.',
    keepIt: 'La garder',
    confirmRemove: 'Supprimer la clé d’accès',
    removed: 'Supprimée. Il n’en reste aucun fichier scellé ici ni sur le serveur.',
    unlock: 'Déverrouiller avec votre clé d’accès',
    unlockOf: (date: string) => `Déverrouiller avec la clé d’accès du ${date}`,
    loadFile: 'Utiliser un fichier de clé d’accès',
    fileLoaded: 'Le fichier de clé d’accès est chargé. Déverrouillez-le avec sa clé d’accès.',
    unlocked: 'Déverrouillé. Ce qui a été scellé avec ces clés peut désormais s’ouvrir ici aussi.',
    unlockedAlready: 'Ce navigateur a déjà toutes les clés qu’il contient.',
    notMade: 'Rien n’a été gardé par une clé d’accès',
    notSealed: 'Rien n’a été scellé avec la clé d’accès',
    noCopy: 'Le serveur n’a pas pris de copie',
    notRemoved: 'La clé d’accès n’a pas été supprimée',
    notUnlocked: 'Rien n’a été déverrouillé',
    notLoaded: 'Ce fichier n’a pas été chargé',
    unknown:
      'Quelque chose n’a pas fonctionné, et rien n’a changé. Réessayez, ou servez-vous du fichier de récupération.',
    serverSilent: 'Impossible de lire pour l’instant si le serveur a des copies.',
    otherSite: (site: string) =>
      `Cette clé d’accès appartient à ${site} et ne fonctionne que sur les pages de ce nom. Ouvrez-y Granary, ou servez-vous du fichier de récupération.`,
    lackAddress: (host: string) =>
      `Une clé d’accès appartient à un nom, et cette page a été ouverte par un numéro, ${host}. Ouvrez-la par son nom pour en utiliser une.`,
    openByName: (host: string) => `L’ouvrir comme ${host}`,
    otherAddress:
      '(ce que garde ce navigateur est gardé pour chaque adresse à part : emportez votre fichier de récupération).',
    lacks: {
      insecure:
        'Les clés d’accès ne fonctionnent que sur des pages ouvertes par https, ou sur localhost. Ouvrez cette page par son adresse https pour en utiliser une.',
      none: 'Ce navigateur n’a pas de clés d’accès. Prenez-en un autre, ou restez-en au fichier de récupération.',
      prf: 'Ce navigateur a des clés d’accès, mais ne sait pas sceller avec elles. Un plus récent le saura peut-être ; d’ici là, restez-en au fichier de récupération.',
    },
  } satisfies typeof passkeys,
  'recovery.passkeyTroubles': {
    PASSKEY_CANCELLED:
      'La clé d’accès n’a pas été utilisée : la question a été fermée, le temps est écoulé, ou cet appareil n’a pas cette clé d’accès. Les navigateurs ne disent pas lequel. Réessayez, sur l’appareil qui l’a.',
    PASSKEY_WRONG:
      'Ce n’est pas la clé d’accès avec laquelle ce fichier a été scellé. Servez-vous de celle-là, ou du fichier de récupération.',
    PASSKEY_WITHOUT_PRF:
      'Ce qui garde cette clé d’accès ne sait pas sceller avec elle : il lui manque l’extension nommée PRF. Vous pouvez supprimer cette clé d’accès dans votre gestionnaire de mots de passe. Essayez-en une autre, ou restez-en au fichier de récupération.',
    PASSKEY_UNAVAILABLE:
      'Votre navigateur n’a pas pu créer ou utiliser de clé d’accès ici. Vérifiez qu’un verrouillage d’écran est configuré, ou restez-en au fichier de récupération.',
    PASSKEY_OTHER_SITE:
      'Cette clé d’accès appartient à un autre site. Ouvrez Granary à l’adresse où vous l’avez créée, ou servez-vous du fichier de récupération.',
    PASSKEY_OTHER_ACCOUNT:
      'Ce fichier de clé d’accès est celui d’un autre compte. Connectez le compte pour lequel il a été fait, puis déverrouillez-le.',
    PASSKEY_FILE_INVALID:
      'Ce n’est pas un fichier de clé d’accès entier : il est abîmé, coupé, ou autre chose. Prenez-en une autre copie, ou le fichier de récupération.',
    PASSKEY_FILE_TOO_LARGE:
      'Ce navigateur a plus de clés qu’une clé d’accès n’en garde. Elles sont toutes dans le fichier de récupération.',
    VERSION_UNKNOWN: 'Une version plus récente de Granary a fait ce fichier. Ouvrez-le avec elle.',
    IDENTITY_MISSING: 'Ce navigateur n’a aucune clé de ce compte à garder.',
    PASSKEY_BACKUPS_TOO_MANY:
      'Le serveur ne garde pas plus de clés d’accès pour ce compte. Supprimez-en une, ou enregistrez le fichier de clé d’accès.',
    PASSKEY_BACKUP_NEEDS_DATASET:
      'Il garde des copies pour les comptes qui ont contribué. Laissez-en une dès que votre premier jeu de données est enregistré, ou enregistrez le fichier de clé d’accès.',
    UNREACHABLE: 'Le serveur n’a pas répondu. Réessayez dans un instant.',
    UNAUTHENTICATED: 'Vous n’êtes plus connecté. Rechargez la page et connectez-vous de nouveau.',
  } satisfies typeof passkeyTroubles,
}
