/** The version of the package, as `package.json` says it; a test compares. */
export const RELEASE = '0.1.0'
