/** Puts the panel's styles into a page or a shadow root. */
import text from './look.css?inline'

/** What is answered takes them out again. */
export function addSheet(scope: Document | ShadowRoot): () => void {
  const view = ('defaultView' in scope ? scope : scope.ownerDocument).defaultView ?? window
  // A page may forbid <style>, but not this.
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(text)
  scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, sheet]
  return () => {
    scope.adoptedStyleSheets = scope.adoptedStyleSheets.filter((each) => each !== sheet)
  }
}
