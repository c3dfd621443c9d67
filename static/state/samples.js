// Texts to begin with, one for each alphabet a model may have.

/**
 * @typedef {object} Sample
 * @property {string} name
 * @property {string} label as on its button
 * @property {string} text
 * @property {string[]} models the pair that reads it best
 * @property {boolean} [whole] models and cells belong to it as well
 */

const PTB = ["nested-chrono-ptb", "stacked-ptb"];
const CODE = ["nested-sqlite", "stacked-sqlite"];
const PROSE = ["nested-war-and-peace", "stacked-war-and-peace"];

/** @type {Sample[]} */
export const SAMPLES = [
  {
    // Figure 3 of Moniz & Krueger (2017): 373 characters, beginning and ending in mid-sentence.
    name: "paper",
    label: "The paper’s Figures 3 and 4",
    models: PTB,
    whole: true,
    text: "group said N s&p contracts were for sale on the close the equivalent of $ N million in stock but there were no buyers while friday 's debacle involved mainly professional traders rather than investors it left the market vulnerable to continued selling this morning traders said stock-index futures contracts settled at much lower prices than indexes of the stock market its",
  },
  {
    name: "prose",
    label: "Prose",
    models: PROSE,
    text: `"Well, Prince, so Genoa and Lucca are now just family estates of the
Buonapartes. But I warn you, if you don't tell me that this means war,
if you still try to defend the infamies and horrors perpetrated by that
Antichrist--I really believe he is Antichrist--I will have nothing more
to do with you and you are no longer my friend, no longer my 'faithful
slave,' as you call yourself! But how do you do? I see I have frightened
you--sit down and tell me all the news."

It was in July, 1805, and the speaker (who was well known) smiled.`,
  },
  {
    name: "poem",
    label: "A poem",
    models: PROSE,
    text: `Tyger Tyger, burning bright,
In the forests of the night;
What immortal hand or eye,
Could frame thy fearful symmetry?

In what distant deeps or skies.
Burnt the fire of thine eyes?
On what wings dare he aspire?
What the hand, dare seize the fire?`,
  },
  {
    name: "code",
    label: "Code",
    models: CODE,
    text: `/*
** Return the length of the longest word in the string z. Words are
** separated by spaces (and only by spaces).
*/
static int longestWord(const char *z){
  int nBest = 0;     /* Length of the longest word so far */
  int nWord = 0;     /* Length of the current word */
  while( z[0] ){
    nWord = (z[0]==' ') ? 0 : nWord + 1;
    if( nWord>nBest ) nBest = nWord;
    z++;
  }
  return nBest;
}`,
  },
  {
    // Li Shen, "Pity the farmers": 20 characters, like every poem the models were trained on, but not
    // one of those. Each was read after one step of nothing, which is what the space is to them.
    name: "quatrain",
    label: "Quatrain",
    models: ["nested-poetry", "stacked-poetry"],
    text: "\u3000锄禾日当午汗滴禾下土谁知盘中餐粒粒皆辛苦",
  },
];

/** @param {string | undefined} name */
export const sampleOf = (name) => SAMPLES.find((sample) => sample.name === name);
