/** What the tracker says to its server: the data that it keeps, and who may write what. */
import { defineConfig, rule, type WriteRequest } from 'ibex-state'
import { Issue, Label, LONGEST_TITLE } from './src/data/issue.js'

/** Everybody may write, within these bounds. The app lets one try both, to show what a refusal looks like. */
function judgeIssue({ before, after }: WriteRequest): true | string {
  const was = before as Issue | undefined
  const is = after as Issue | undefined
  if (was?.locked && (is === undefined || is.locked)) return 'The issue is locked. Unlock it to change it.'
  // What is too long already may stay, so that everything else about it can be changed.
  if (is && is.title !== was?.title && is.title.length > LONGEST_TITLE) {
    return `A title has at most ${LONGEST_TITLE} characters.`
  }
  return true
}

export default defineConfig({
  schemas: [Issue, Label],
  // Whoever says that he is Lin is: anybody may try this app as anybody. A real one would check a token here.
  authenticate: ({ token }) => (token && /^[\w-]{1,40}$/.test(token) ? token : null),
  rules: [rule('/data/*', { write: (request) => (request.schema === Issue.name ? judgeIssue(request) : true) })],
})
