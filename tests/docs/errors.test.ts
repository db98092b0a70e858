import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

test('docs/errors.md lists every code, and no other', () => {
  const union = read('src/errors.ts').match(/export type IbexErrorCode =([\s\S]*?)\n\n/)![1]!
  const codes = [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, code]) => code!)
  const rows = read('docs/errors.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1]!)
  const listed = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code!))
  expect(listed.sort()).toEqual(codes.sort())
})
