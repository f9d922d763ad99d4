import type { app, asides, pageNames, pageTitles } from './app.messages.js'

export default {
  app: {
    navigation: 'Pages',
    skip: 'Aller au contenu',
    language: 'Langue',
    footer:
      'Granary est un logiciel libre sous licence Apache 2.0. Cette page ne charge rien d’ailleurs et ne tient aucune statistique.',
    title: (page: string) => `${page} · Granary`,
    unknownTitle: 'Cette page n’existe pas',
    unknown: 'L’adresse est peut-être mal écrite, ou la page a changé de place.',
    unknownAction: 'Aller à la première page',
    brokenTitle: 'Cette page n’a pas pu être chargée',
    broken:
      'La connexion s’est peut-être interrompue, ou Granary a été mis à jour entre-temps. Rien n’est perdu.',
    brokenAction: 'La charger de nouveau',
  } satisfies typeof app,
  'app.pages': {
    contribute: 'Contribuer',
    data: 'Mes données',
    inbox: 'Demandes',
    rewards: 'Gains',
    members: 'Membres',
    catalogue: 'Catalogue',
    training: 'Entraînement',
    network: 'Réseau',
  } satisfies typeof pageNames,
  'app.titles': {
    contribute: 'Votre grenier',
    data: 'Mes données',
    inbox: 'Demandes',
    rewards: 'Gains',
    members: 'Membres',
    catalogue: 'Catalogue',
    training: 'Entraînement',
    network: 'Le réseau',
  } satisfies typeof pageTitles,
  'app.asides': {
    contribute: 'Gains et récupération',
    members: 'Vos voix',
  } satisfies typeof asides,
}
