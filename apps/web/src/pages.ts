// Every page of the app: its path, its name in the navigation, and how it is fetched.
import type { NetworkResource } from '@granary/protocol'
import type { ComponentType } from 'react'
import type { Wallet } from './wallet/wallet.js'

/** Of somebody who is signed in. */
export interface PageProps {
  wallet: Wallet
  network: NetworkResource
}

/** Of anybody: `wallet` is null until somebody has signed in. */
export interface OpenPageProps {
  wallet: Wallet | null
  network: NetworkResource
}

/** `open`: it is there without signing in, too. `name`: of its text in `app.messages.ts`; null = not in the navigation. */
export type Page = { path: string; name: PageName | null } & (
  | { open: false; load: () => Promise<ComponentType<PageProps>> }
  | { open: true; load: () => Promise<ComponentType<OpenPageProps>> }
)

export type PageName =
  | 'contribute'
  | 'data'
  | 'inbox'
  | 'rewards'
  | 'members'
  | 'catalogue'
  | 'training'
  | 'network'

/** In the order of the navigation. A path may have parameters, as wouter takes them (`/catalogue/:id`). */
export const PAGES: readonly Page[] = [
  {
    path: '/',
    name: 'contribute',
    open: false,
    load: () => import('./pages/contribute.page.js').then(({ ContributePage }) => ContributePage),
  },
  {
    path: '/data',
    name: 'data',
    open: false,
    load: () => import('./pages/data.page.js').then(({ DataPage }) => DataPage),
  },
  {
    path: '/data/:id',
    name: null,
    open: false,
    load: () => import('./pages/own-dataset.page.js').then(({ OwnDatasetPage }) => OwnDatasetPage),
  },
  {
    path: '/inbox',
    name: 'inbox',
    open: false,
    load: () => import('./pages/inbox.page.js').then(({ InboxPage }) => InboxPage),
  },
  {
    path: '/rewards',
    name: 'rewards',
    open: false,
    load: () => import('./pages/rewards.page.js').then(({ RewardsPage }) => RewardsPage),
  },
  {
    path: '/catalogue',
    name: 'catalogue',
    open: true,
    load: () => import('./pages/catalogue.page.js').then(({ CataloguePage }) => CataloguePage),
  },
  {
    path: '/catalogue/:id',
    name: null,
    open: true,
    load: () => import('./pages/dataset.page.js').then(({ DatasetPage }) => DatasetPage),
  },
  {
    path: '/catalogue/pools/:id',
    name: null,
    open: true,
    load: () => import('./pages/pool.page.js').then(({ PoolPage }) => PoolPage),
  },
  {
    path: '/training',
    name: 'training',
    open: false,
    load: () => import('./pages/training.page.js').then(({ TrainingPage }) => TrainingPage),
  },
  {
    path: '/training/new',
    name: null,
    open: false,
    load: () => import('./pages/new-request.page.js').then(({ NewRequestPage }) => NewRequestPage),
  },
  {
    path: '/training/:request',
    name: null,
    open: false,
    load: () => import('./pages/request.page.js').then(({ RequestPage }) => RequestPage),
  },
  {
    path: '/members',
    name: 'members',
    open: false,
    load: () => import('./pages/members.page.js').then(({ MembersPage }) => MembersPage),
  },
  {
    path: '/members/proposals/new',
    name: null,
    open: false,
    load: () => import('./pages/new-proposal.page.js').then(({ NewProposalPage }) => NewProposalPage),
  },
  {
    path: '/members/proposals/:id',
    name: null,
    open: false,
    load: () => import('./pages/proposal.page.js').then(({ ProposalPage }) => ProposalPage),
  },
  {
    path: '/network',
    name: 'network',
    open: true,
    load: () => import('./pages/network.page.js').then(({ NetworkPage }) => NetworkPage),
  },
  {
    path: '/trust',
    name: null,
    open: true,
    load: () => import('./pages/trust.page.js').then(({ TrustPage }) => TrustPage),
  },
]
