/** Control characters other than line feed and tab: with them, text can move the cursor, set the title or type into the shell. */
const controls = /(?![\n\t])\p{Cc}/gu;

/** Text that a terminal only shows. */
export function plainText(text: string): string {
  return text.replaceAll(controls, '');
}
