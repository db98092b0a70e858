/** Two people, two browsers, one server. */
import { expect, type Page } from '@playwright/test'
import { converge, expectSameCommits, test, until, visit } from './world.js'

test('two profiles edit the same issues at once, and by turns offline: both converge, nothing lost, nothing twice', async ({
  openProfile,
  serve,
  site,
}) => {
  const server = await serve()
  const profiles = await Promise.all([openProfile(), openProfile()])
  const [a, b] = (await Promise.all(profiles.map(({ page }) => visit(page, site, { server: server.url })))) as [
    Page,
    Page,
  ]
  const both = [a, b] as const

  // By hand, through the interface.
  await a.click('text=Add')
  await b.waitForSelector('li')
  await a.fill('li input', 'typed by A')
  await expect(b.locator('li input')).toHaveValue('typed by A')
  await b.fill('li input', 'typed by B')
  await expect(a.locator('li input')).toHaveValue('typed by B')
  const id = (await a.locator('li').getAttribute('id'))!
  await a.evaluate((id) => app.issues.update(id, { tags: ['old', 'stays'] }), id)
  await converge(a, b)

  let created = 1
  let votes = 0
  /** Everything at once, on both sides: other fields, the same field, tags, the counter, new issues. */
  const edit = async (round: string): Promise<void> => {
    await Promise.all(
      both.map((page, side) =>
        page.evaluate(
          ([id, round, side]) => {
            const name = `${round} ${'AB'[side]}`
            app.issues.update(id, side === 0 ? { body: name } : { priority: 'high', done: round.length % 2 === 0 })
            app.issues.update(id, { title: name })
            app.issues.update(id, (draft) => {
              draft.tags.add(name)
              draft.tags.add(`${round} both`)
              draft.votes.increment(side + 1)
              draft.notes[name] = 'own key'
              draft.notes['same'] = name
            })
            if (side === 0) app.issues.update(id, (draft) => void draft.tags.delete('old'))
            app.createCounted([name], id)
          },
          [id, round, side] as const,
        ),
      ),
    )
    created += 2
    votes += 5
  }
  const check = async (round: string): Promise<void> => {
    const issues = await converge(a, b)
    expect(issues).toHaveLength(created)
    const issue = issues.find(({ $id }) => $id === id)!
    expect(new Set(issues.filter((other) => other !== issue).map(({ title }) => title)).size).toBe(created - 1)
    expect(issue).toMatchObject({ body: `${round} A`, priority: 'high', votes })
    expect([`${round} A`, `${round} B`]).toContain(issue.title)
    expect([`${round} A`, `${round} B`]).toContain(issue.notes['same'])
    expect(issue.tags).toEqual(expect.arrayContaining(['stays', `${round} A`, `${round} B`, `${round} both`]))
    expect(issue.tags).not.toContain('old')
    expect(Object.keys(issue.notes)).toEqual(expect.arrayContaining([`${round} A`, `${round} B`]))
    await expectSameCommits(a, b)
  }

  for (const round of ['one', 'two', 'three']) {
    await edit(round)
    await check(round)
  }

  // By turns offline, as the app says it, then as the device does.
  for (const [turn, page] of both.entries()) {
    await page.evaluate(() => app.store.setOffline(true))
    await until(page, () => app.status().connection === 'offline')
    await edit(`away ${turn}`)
    expect(await page.evaluate(() => app.status().pending)).toBeGreaterThan(0)
    expect(await a.evaluate(() => app.state())).not.toBe(await b.evaluate(() => app.state()))
    await page.evaluate(() => app.store.setOffline(false))
    await check(`away ${turn}`)
  }
  for (const [turn, { context }] of profiles.entries()) {
    await context.setOffline(true)
    await edit(`cut off ${turn}`)
    await context.setOffline(false)
    await check(`cut off ${turn}`)
  }
  // Both at once, and the server away too.
  await server.stop()
  for (const page of both) await until(page, () => app.status().connection === 'offline')
  await edit('alone')
  await edit('alone again')
  await server.start()
  await check('alone again')
})
