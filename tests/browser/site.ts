/** The pages of the tests, as a browser gets them: built once by `global-setup.ts`, served for each worker. */
import { test as base } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sirv from 'sirv'

/** What `global-setup.ts` has made. */
export const world = (): string => process.env['IBEX_BROWSER_WORLD']!

interface SiteFixtures {
  /**
   * Where the pages are, whatever becomes of any server of data; `/app.html` and the like are there. A site for this test
   * alone: what others keep in the same browser is not its own.
   */
  site: string
}

interface SitesFixtures {
  /** The port at which the sites of all tests are. */
  sitesPort: number
}

export const test = base.extend<SiteFixtures, SitesFixtures>({
  sitesPort: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const files = sirv(join(world(), 'site'))
      const server = createServer((request, response) => files(request, response))
      await new Promise<void>((done) => server.listen(0, 'localhost', done))
      await provide((server.address() as AddressInfo).port)
      server.closeAllConnections()
      server.close()
    },
    { scope: 'worker' },
  ],
  // Browsers know every name below localhost to be this machine.
  site: async ({ sitesPort }, provide) => provide(`http://t${randomBytes(4).toString('hex')}.localhost:${sitesPort}`),
})
