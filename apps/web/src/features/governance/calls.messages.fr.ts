import type { calls } from './calls.messages.js'

const appels: typeof calls = {
  does: {
    'pool-create': (terms, lowest, price) =>
      `Ouvrir un nouveau pool à ${price} par utilisation, jamais moins de ${lowest}, aux conditions ${terms}`,
    'pool-price': (pool, price) => `Fixer à ${price} par utilisation le prix du pool ${pool}`,
    'pool-close': (pool) => `Fermer le pool ${pool} : il ne prend plus ni apports ni demandes`,
    'pool-open': (pool) => `Rouvrir le pool ${pool}`,
    'trainer-approve': (trainer, until, profile) =>
      `Agréer l’entraîneur ${trainer} jusqu’au ${until}, avec le profil ${profile}`,
    'trainer-revoke': (trainer) => `Retirer son agrément à l’entraîneur ${trainer}`,
    'trainer-suspend': (trainer) => `Suspendre l’entraîneur ${trainer} : plus rien ne lui est remis`,
    'trainer-resume': (trainer) => `Lever la suspension de l’entraîneur ${trainer}`,
    'council-add': (account) =>
      `Faire entrer ${account} au conseil, qui peut agréer et suspendre des entraîneurs aussitôt`,
    'council-remove': (account) => `Faire sortir ${account} du conseil`,
    fees: (treasury, custodians) =>
      `De chaque utilisation, donner ${treasury} à la trésorerie et ${custodians} aux dépositaires, le reste au propriétaire`,
    window: (seconds) => `Permettre de régler les demandes jusqu’à ${seconds} après leur fin`,
    'committee-propose': (threshold, members) =>
      `Nommer un comité dont ${threshold} dépositaires, n’importe lesquels, ouvrent un fichier : ${members}`,
    guardian: (account) =>
      `Faire de ${account} le gardien, qui peut annuler les règlements pendant leur délai`,
    'treasury-set': (account) =>
      `Verser désormais à ${account} la part de chaque utilisation qui revient à la trésorerie`,
    'treasury-pay': (to, amount) => `Verser ${amount} de la trésorerie à ${to}`,
    'voting-delay': (seconds) => `Faire commencer les votes ${seconds} après une proposition`,
    'voting-period': (seconds) => `Faire durer les votes ${seconds}`,
    'proposal-threshold': (votes) => `Demander ${votes} à qui propose`,
    quorum: (percent) =>
      `Demander que ${percent} de tous les GRAIN prennent part à un vote, pour ou en s’abstenant`,
    'timelock-delay': (seconds) => `Faire attendre ${seconds} ce qui est décidé avant que cela se fasse`,
  },
  send: (ether, to) => `Envoyer ${ether} à ${to}`,
  method: (method, values, contract) => `Appeler ${method}(${values}) de ${contract}`,
  unknown: (target, data) => `Appeler ${target} avec des données que Granary ne connaît pas : ${data}`,
  unknownPaid: (target, data, ether) =>
    `Appeler ${target} avec des données que Granary ne connaît pas et ${ether} : ${data}`,
  paid: (what, ether) => `${what}, en y joignant ${ether}`,
  time: (written) => `${written} UTC`,
  ether: 'ether',
  point: ',',
}

export default { 'governance.calls': appels }
