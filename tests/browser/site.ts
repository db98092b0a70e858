/** The pages of the tests, as a browser gets them: built once by `global-setup.ts`, served for each worker. */
import { test as base } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sirv from 'sirv'

/** What `global-setup.ts` has made. */
export const world = (): string => process.env['IBEX_BROWSER_WORLD']!

interface SiteFixtures {
  /** Where the pages are, whatever becomes of any server of data; `/app.html` and the like are there. */
  site: string
}

// oxlint-disable-next-line typescript/no-empty-object-type
export const test = base.extend<{}, SiteFixtures>({
  site: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const files = sirv(join(world(), 'site'))
      const server = createServer((request, response) => files(request, response))
      await new Promise<void>((done) => server.listen(0, 'localhost', done))
      await provide(`http://localhost:${(server.address() as AddressInfo).port}`)
      server.closeAllConnections()
      server.close()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, provide) => provide(site),
})
