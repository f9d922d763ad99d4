import type { PoolResource } from '@granary/protocol'
import { allPages, type Context } from './context.js'

export interface Pools {
  list(): Promise<PoolResource[]>
  get(id: number): Promise<PoolResource>
}

export function createPools(context: Context): Pools {
  return {
    async list() {
      const pools: PoolResource[] = []
      for await (const pool of allPages<PoolResource>(context, '/v1/pools', {})) pools.push(pool)
      return pools
    },
    get: (id) => context.call<PoolResource>(`/v1/pools/${id}`),
  }
}
