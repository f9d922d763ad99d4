import { texts } from './lib/language.js'
import type { PageName } from './pages.js'

/** The frame around every page. */
export const app = texts('app', {
  navigation: 'Pages',
  skip: 'Skip to the content',
  language: 'Language',
  footer:
    'Granary is free software under the Apache License 2.0. This page loads nothing from anybody else and keeps no statistics.',
  title: (page: string) => `${page} · Granary`,
  unknownTitle: 'There is no such page',
  unknown: 'The address may be mistyped, or the page has moved.',
  unknownAction: 'Go to the first page',
  brokenTitle: 'This page could not be loaded',
  broken: 'The connection may have dropped, or Granary was updated meanwhile. Nothing is lost.',
  brokenAction: 'Load it again',
})

const names: Record<PageName, string> = {
  contribute: 'Contribute',
  data: 'My data',
  inbox: 'Inbox',
  rewards: 'Rewards',
  members: 'Members',
  catalogue: 'Catalogue',
  training: 'Training',
  network: 'Network',
}
/** In the navigation. */
export const pageNames = texts('app.pages', names)

const titles: Record<PageName, string> = {
  contribute: 'Your granary',
  data: 'My data',
  inbox: 'Inbox',
  rewards: 'Rewards',
  members: 'Members',
  catalogue: 'Catalogue',
  training: 'Training',
  network: 'The network',
}
/** At the head of each page. */
export const pageTitles = texts('app.titles', titles)

export const asides = texts('app.asides', {
  contribute: 'Rewards and recovery',
  members: 'Your votes',
})
