/** A page on which the user gives the extension access to a site, for browsers in which a panel cannot ask. */
import { patternOf } from '../site.js'

const wanted = new URLSearchParams(location.search).get('origin') ?? ''
const pattern = patternOf(wanted)
const text = document.createElement('p')
text.textContent = pattern ? `The Ibex panel wants to look into ${wanted}.` : 'There is no site to be looked into.'
document.body.append(text)
if (pattern) {
  const button = document.createElement('button')
  button.textContent = 'Allow it'
  button.addEventListener('click', () => {
    void chrome.permissions.request({ origins: [pattern] }).then((granted) => {
      text.textContent = granted ? 'Allowed. You can close this page.' : 'Not allowed.'
      if (granted) button.remove()
    })
  })
  document.body.append(button)
}
