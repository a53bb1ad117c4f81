import { Jodit } from 'jodit/esm/index.js';
import DOMPurify from 'dompurify';
console.log(Jodit, DOMPurify);
