// Files are looked into here, away from the page, before anything of them is sealed. Nothing leaves this worker but
// what their contributor is shown.
import { blobBytes, type Description, describe } from '@granary/sdk/describe'

export type DescribeReport = { description: Description | null }

self.onmessage = async ({ data }: MessageEvent<File>) => {
  const description = await describe(blobBytes(data)).catch(() => null)
  self.postMessage({ description } satisfies DescribeReport)
}
