import type { VerifiedBalance, VerifiedUse } from '@granary/sdk'
import { moment, short } from '../../lib/format.js'
import type { verified } from './verified.messages.js'

export default {
  'rewards.verified': {
    title: 'Vérifiez vous-même',
    lead: 'Ce qui est affiché ici vient du serveur de Granary. Cette page peut le confronter à la chaîne : votre solde, et chaque montant jusqu’aux reçus signés par les dépositaires.',
    start: 'Confronter à la chaîne',
    again: 'Vérifier de nouveau',
    checking: 'Comparaison avec la chaîne…',
    yes: 'Vérifié par cette page',
    no: 'Ceci ne tient pas',
    unsure: 'N’a pas pu être vérifié',
    notYet: 'Pas vérifié',
    what: 'Ce qui a été vérifié',
    nothing: 'Aucun gain n’a encore pris effet : il n’y a donc rien à prouver.',
    balance: (balance: VerifiedBalance, amount: (smallest: string) => string) => [
      ...(balance.proof
        ? [
            `${amount(balance.earned)} gagnés sont une feuille de l’arbre des gains : ${balance.proof.steps} empreintes mènent de là à une racine.`,
            `Cette racine est celle du règlement ${balance.proof.settlement}, qui a pris effet. Elle a été lue dans le contrat ${short(balance.rewardPool)} sur la chaîne ${balance.chainId}.`,
          ]
        : []),
      `${amount(balance.claimed)} encaissés : c’est ce que dit ce contrat.`,
    ],
    behind: (settlements: number) =>
      `${settlements === 1 ? 'Un règlement plus récent a' : `${settlements} règlements plus récents ont`} pris effet sans que le serveur les ait encore lus : vous avez peut-être gagné davantage.`,
    use: (use: VerifiedUse, amount: (smallest: string) => string) => [
      `Le règlement ${use.settlement.number} est sur la chaîne. Son document a été récupéré et son empreinte est ${short(use.settlement.document)}, celle qui s’y trouve.`,
      `Il verse ${amount(use.amount)} à votre compte pour ce jeu de données et cette demande. Le jeu de données est à vous, d’après le registre sur la chaîne.`,
      `La demande est sur la chaîne, de ${short(use.trainer)}. Elle a payé ${amount(use.price)} pour l’utilisation ; le partage qui y est fixé vous laisse ${amount(use.amount)}.`,
      `${use.receipts.length} dépositaires ont signé la remise, il en faut ${use.threshold} : ${use.receipts.map(({ account, time }) => `${short(account)} le ${moment(new Date(time * 1000))}`).join(', ')}. Leurs comptes sont ceux de l’époque ${use.epoch} sur la chaîne.`,
      use.trainerSignature === 'read'
        ? 'La signature de l’entraîneur sous la demande a été trouvée dans la transaction qui l’a ouverte, et vérifiée ici.'
        : 'La signature de l’entraîneur n’a pas été lue ici : le contrat l’a vérifiée à l’ouverture de la demande.',
    ],
    endpoint: {
      wallet: 'La chaîne a été lue par votre portefeuille.',
      own: 'La chaîne a été lue par un accès à vous.',
      'named-by-api':
        'La chaîne a été lue par l’accès qu’indique le serveur, car le portefeuille de développement n’en a pas : sur votre propre machine cela suffit, ailleurs non.',
    },
    limits:
      'Ceci ne montre pas : qu’aucune utilisation n’a été omise, ni ce qu’un entraîneur fait des données.',
    lies: 'Le serveur dit autre chose que la chaîne. Ne vous fiez pas à ce qu’il affiche ici, et dites-le autour de vous : il est peut-être en panne, ou il ment.',
    trouble: {
      CHAIN_UNAVAILABLE:
        'La chaîne ne peut pas être lue par votre portefeuille pour le moment. Réessayez dans un instant.',
      SETTLEMENT_DOCUMENT_UNAVAILABLE:
        'Le document du règlement n’a pu être récupéré ni du serveur ni d’un dépositaire. Réessayez plus tard.',
      DEPLOYMENT_MISSING:
        'Cette page n’a pas été faite pour ce réseau : elle ne sait pas quels contrats interroger.',
      NETWORK_MISMATCH: 'Votre portefeuille est sur un autre réseau que cette page. Changez-le et réessayez.',
      UNREACHABLE: 'Le réseau ne répond plus. Réessayez dans un instant.',
    } as Record<string, string>,
    contradiction: {
      PROOF_INVALID: 'La preuve ne mène pas au montant affiché.',
      REWARDS_MISMATCH: 'Ce qui est affiché n’est pas ce que disent la chaîne et le règlement.',
      SETTLEMENT_UNKNOWN: 'Ce règlement n’existe pas sur la chaîne.',
      DOCUMENT_MISMATCH: 'Le document n’est pas celui dont l’empreinte est sur la chaîne.',
      DOCUMENT_INVALID: 'Le document n’est pas celui dont l’empreinte est sur la chaîne.',
      NOT_OWNER: 'Sur la chaîne, le jeu de données appartient à quelqu’un d’autre.',
      SETTLEMENT_AMOUNT_WRONG: 'Le montant ne découle pas du prix et du partage sur la chaîne.',
      RECEIPT_INVALID:
        'Un reçu n’est pas signé par un dépositaire de l’époque, ou ne concerne pas cette remise.',
      RECEIPTS_TOO_FEW: 'Moins de dépositaires ont signé la remise qu’il n’en faut.',
      REQUEST_UNKNOWN: 'Cette demande n’existe pas sur la chaîne.',
      EPOCH_UNKNOWN: 'Les dépositaires qui auraient signé ne sont pas sur la chaîne.',
    } as Record<string, string>,
  } satisfies typeof verified,
}
