/** Signatures in real Chromium; `src/crypto/agreement.test.ts` holds the same in Node. */
import { expect } from '@playwright/test'
import type { CryptoFace } from './pages/crypto.js'
import { test, until } from './world.js'

declare const face: CryptoFace

test('I-9: WebCrypto of the browser and JavaScript agree on the published edge cases, and believe each other', async ({
  page,
  site,
}) => {
  await page.goto(`${site}/crypto.html`)
  await until(page, () => 'face' in globalThis)
  const cases = await page.evaluate(() => face.cases())
  expect(cases.length).toBeGreaterThan(100)
  expect(cases.filter(({ valid, web, noble }) => web !== valid || noble !== valid)).toEqual([])
  const across = await page.evaluate(() => face.across())
  expect(across).toHaveLength(32)
  expect(across).toEqual(across.map(() => true))
})
