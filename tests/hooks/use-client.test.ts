import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test("every shipped file of the hooks begins with 'use client', so that a server component may import it", () => {
  const folder = join(import.meta.dirname, '../../hooks')
  const shipped = readdirSync(folder).filter((name) => !/\.test(-d)?\./.test(name))
  expect(shipped).toContain('index.ts')
  const without = shipped.filter((name) => !readFileSync(join(folder, name), 'utf8').startsWith("'use client'\n"))
  expect(without).toEqual([])
})
