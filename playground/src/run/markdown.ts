import createDOMPurify from 'dompurify';
import { marked } from 'marked';

const purify = createDOMPurify(window);

const allowed = {
  ALLOWED_TAGS:
    'p br hr strong em del code pre blockquote ul ol li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td'.split(
      ' ',
    ),
  ALLOWED_ATTR: ['href', 'title', 'start', 'align'],
  // Nothing but links that leave the page openly; no `javascript:`, no `data:`, no path on the server that holds the keys.
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/**
 * Markdown of a model as a safe piece of document. What is left is a short list of harmless elements; pictures, which would be fetched from
 * wherever the model says, are not among them.
 */
export function renderMarkdown(text: string): DocumentFragment {
  const html = marked.parse(text, { async: false, gfm: true, breaks: true });
  const fragment = purify.sanitize(html, { ...allowed, RETURN_DOM_FRAGMENT: true });
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  return fragment;
}
