import type { DatasetResource } from '@granary/protocol'
import { get } from '../../lib/api.js'
import { fileName } from './file-name.js'

/** The name that a dataset's file is saved under; its id when nothing is told of it. */
export async function datasetName(id: string): Promise<string> {
  const { metadata } = await get<DatasetResource>(`/v1/datasets/${id}`).catch(() => ({ metadata: null }))
  return metadata ? fileName(metadata.title, metadata.mediaType) : id
}
