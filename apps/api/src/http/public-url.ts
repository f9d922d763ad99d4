import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'

/** The URL people reach this API by: from configuration, never from the Host header. */
@Injectable()
export class PublicUrl {
  private url: URL

  constructor(@Inject(CONFIG) config: Config) {
    this.url = new URL(config.PUBLIC_URL ?? `http://localhost:${config.PORT}`)
  }

  /** For a port that the system picked: known only once the server listens. */
  usePort(port: number): void {
    this.url.port = String(port)
  }

  get host(): string {
    return this.url.host
  }

  get origin(): string {
    return this.url.origin
  }
}
