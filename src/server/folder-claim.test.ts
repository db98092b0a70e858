import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimFolder, describeHolder, type Holder, holderOf } from './folder-claim.js'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ibex-claim-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const file = (): string => join(folder, 'server.json')
const change = async (to: Partial<Holder>): Promise<void> =>
  writeFile(file(), JSON.stringify({ ...JSON.parse(await readFile(file(), 'utf8')), ...to }))

test('a folder is held by whoever claimed it, until it is released', async () => {
  expect(await holderOf(folder)).toBe(undefined)
  const release = await claimFolder(folder)
  const holder = (await holderOf(folder))!
  expect(holder.pid).toBe(process.pid)
  expect(describeHolder(folder, holder)).toContain(`process ${process.pid}`)
  expect(describeHolder(folder, holder)).toContain(file())
  await release()
  expect(await holderOf(folder)).toBe(undefined)
  expect(await readdir(folder)).toEqual([])
})

test('who claims it later has it, and is not robbed by who had it before', async () => {
  const release = await claimFolder(folder)
  await claimFolder(folder)
  await change({ since: 5 })
  await release()
  expect(await holderOf(folder)).toMatchObject({ since: 5 })
})

test('a process that is gone holds nothing, nor does another that got its number', async () => {
  await claimFolder(folder)
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.on('close', resolve))
  await change({ pid: child.pid! })
  expect(await holderOf(folder)).toBe(undefined)
  await change({ pid: process.pid, started: 'long ago' })
  expect(await holderOf(folder)).toBe(undefined)
})

test('of another machine nobody can tell: it is taken to hold the folder', async () => {
  await claimFolder(folder)
  await change({ host: 'elsewhere', pid: 1 })
  expect(await holderOf(folder)).toMatchObject({ host: 'elsewhere' })
})

test('what was not written whole claims nothing', async () => {
  await writeFile(file(), '{"pid": 12')
  expect(await holderOf(folder)).toBe(undefined)
})
