import type { open } from './messages.js'

export default {
  'open.open': {
    open: 'Ouvrir',
    openLabel: (title: string) => `Ouvrir ${title}`,
    title: (title: string) => `Ouvrir « ${title} »`,
    lead: (name: string, size: string) =>
      `Le fichier scellé est téléchargé, vérifié d’après son adresse sur la chaîne et ouvert ici, dans ce navigateur. Vous le recevez ensuite sous le nom « ${name} », ${size}.`,
    action: 'Ouvrir et enregistrer',
    opening: (percent: number) => `Ouverture, ${percent} %`,
    working: 'Téléchargement du fichier scellé…',
    signing: 'Confirmez dans votre portefeuille ; les dépositaires sont interrogés ensuite',
    cancel: 'Arrêter',
    close: 'Fermer',
    done: (name: string) => `Ouvert et enregistré sous le nom « ${name} ».`,
    noKeyTitle: 'Ce navigateur n’a pas la clé avec laquelle il a été scellé',
    noKey:
      'Chargez le fichier de récupération du navigateur dans lequel vous l’avez scellé, ou déverrouillez-la avec la clé d’accès qui la garde. Si les deux sont perdus, les dépositaires peuvent l’ouvrir pour vous : votre portefeuille signe une fois, et leurs parts de cette seule clé arrivent scellées pour cette page. Cela ne coûte rien.',
    byCustodians: 'Le faire ouvrir par les dépositaires',
    rejected: 'Vous avez dit à votre portefeuille de ne pas signer : rien n’a été ouvert.',
    stopped: 'Arrêté. Rien n’a été enregistré.',
    failed: 'Il n’a pas pu être ouvert',
  } satisfies typeof open,
}
