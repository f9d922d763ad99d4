import type { network, session } from './messages.js'

export default {
  'session.session': {
    connectTitle: 'Connecter un portefeuille',
    connectLead:
      'Votre portefeuille est votre compte ici. Il signe ; il ne paie jamais : Granary prend en charge les frais du réseau.',
    asked: (name: string) =>
      `${name} a reçu la demande et n’a pas encore répondu. Si vous ne voyez pas sa fenêtre, ouvrez-le ; ou choisissez un autre portefeuille.`,
    noWallet: 'Aucun portefeuille n’a été trouvé dans ce navigateur.',
    noWalletHelp: 'Installez un portefeuille Ethereum pour navigateur et rechargez cette page.',
    noWalletDevelopment:
      'Vous n’en avez pas besoin sur ce réseau : le portefeuille de développement ci-dessous suffit.',
    developmentTitle: 'Portefeuille de développement',
    developmentText:
      'Ceci est le réseau embarqué, sur une seule machine. Ses comptes servent à essayer : leurs clés sont publiques et ne protègent rien.',
    developmentAccount: 'Compte',
    developmentUse: 'Utiliser le portefeuille de développement',
    development: {
      contributor: (number: number) => `Contributeur ${number + 1}`,
      trainer: (number: number) => `Entraîneur ${number + 1}`,
      council: () => 'Conseil',
    },
    signTitle: 'Se connecter',
    signLead:
      'Votre portefeuille va vous demander de signer ce texte. Cela ne coûte rien et ne déplace rien ; cela montre que le compte est à vous.',
    signText: 'Le texte à signer',
    signAction: (name: string) => `Se connecter avec ${name}`,
    signing: 'En attente de votre portefeuille…',
    otherWallet: 'Utiliser un autre portefeuille',
    signOut: 'Se déconnecter',
    back: 'Reconnectez-vous avec ce portefeuille, ou choisissez-en un autre.',
    rejected: 'Rien n’a été signé. Vous pouvez réessayer quand vous voulez.',
    failed: 'La connexion n’a pas marché',
    otherAddressTitle: 'Cette page a une autre adresse',
    otherAddress: (url: string) =>
      `Le réseau vous attend à ${url}. Un portefeuille aurait raison de vous mettre en garde contre une connexion d’ici.`,
    otherAddressAction: 'Y aller',
    chainTitle: 'Votre portefeuille est sur un autre réseau',
    chainText: (chain: string) =>
      `Granary vit ici sur ${chain}. Votre portefeuille doit y être réglé avant de pouvoir signer.`,
    chainAction: 'Changer de réseau',
    chainName: (chainId: number, development: boolean) =>
      development ? `le réseau embarqué (chaîne ${chainId})` : `la chaîne ${chainId}`,
  } satisfies typeof session,
  'session.network': {
    loading: 'Recherche du réseau…',
    unavailableTitle: 'Le réseau est injoignable',
    unavailable:
      'Vos jeux de données et vos gains n’en souffrent pas. Cette page réessaie ; sur votre propre machine, regardez si Granary tourne encore.',
    retry: 'Réessayer maintenant',
    staleTitle: (age: string) => `Ce que vous voyez date de ${age}`,
    unreadTitle: 'Ce que vous voyez est peut-être ancien',
    staleReached:
      'Granary a du retard sur la chaîne et le rattrape. Rien n’est perdu ; cela disparaîtra tout seul.',
    staleUnreached:
      'Granary ne peut pas joindre la chaîne en ce moment et réessaie. Rien n’est perdu ; ce qui s’est passé entre-temps apparaîtra à son retour.',
    embedded: 'Réseau embarqué',
    chain: (chainId: number) => `Chaîne ${chainId}`,
    insecureTitle: 'Sceller demande https ou localhost',
    insecure:
      'Cette page a été ouverte en simple http, où les navigateurs n’offrent pas d’endroit sûr pour chiffrer des fichiers et où n’importe qui en chemin pourrait changer la page. Ouvrez-la en https, ou sur la machine même qui fait tourner Granary.',
    insecureAction: (url: string) => `Sur cette machine : ${url}`,
    noCommitteeTitle: 'Les dépositaires ne sont pas encore prêts',
    noCommittee:
      'Ils fabriquent encore leur clé commune, pour laquelle vos fichiers sont scellés. Sur un réseau neuf, cela prend quelques secondes.',
  } satisfies typeof network,
}
