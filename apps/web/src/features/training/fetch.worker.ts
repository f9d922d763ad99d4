// Downloading, checking and opening what was released happens here, away from the page, and streams to disk.
import { createClient, type Fetched, type NetworkFacts, type Release } from '@granary/sdk'
import { paced, serve } from '../../lib/work.worker.js'
import { datasetName } from '../open/dataset-name.js'
import { browserSink } from './fetch.sink.js'

export interface FetchWork {
  request: string
  /** The custodians' answers to the order that the page had signed. */
  release: Release
  facts: NetworkFacts
  identity: string
  /** null = into this browser. */
  folder: FileSystemDirectoryHandle | null
}

/** Bytes of a dataset that are opened. */
export interface FetchStep {
  dataset: string
  done: number
  total: number | null
}

serve<FetchWork, FetchStep, Fetched>(async ({ request, release, facts, identity, folder }, tell, signal) => {
  const client = createClient({ api: self.location.origin, facts })
  const told = paced<string>((dataset, done, total) => tell({ dataset, done, total }))
  return client.fetchReleased(release, {
    identity,
    sink: browserSink(request, folder, datasetName),
    onProgress: ({ dataset, done, total }) => told(dataset, done, total),
    signal,
  })
})
