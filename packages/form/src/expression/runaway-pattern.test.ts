import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { powerOf, whyRunaway } from './runaway-pattern.ts';

describe('whyRunaway', () => {
  it('lets patterns pass that match in one way', () => {
    const patterns = [
      /^[a-z0-9]+(-[a-z0-9]+)*$/,
      /^([a-z]+-)*[a-z]+$/,
      /^\d{12}$/,
      /^.*foo.*$/,
      /(foo|bar)+/,
      /^(\d{1,3}\.){3}\d{1,3}$/,
      /^(25[0-5]|2[0-4]\d|[01]?\d\d?)(\.(25[0-5]|2[0-4]\d|[01]?\d\d?)){3}$/,
      /^[^@]+@[^@]+\.[a-z]+$/,
      /^(https?:\/\/)?[\w.-]+(\/[\w.-]*)*$/,
      /^arn:aws:iam::\d{12}:role\/[\w+=,.@-]+$/,
      /"([^"\\]|\\.)*"/,
      /(?:\s*,\s*[a-z])/i,
      /[\s\S]*?end/,
      /^(?=.*\d)(?=.*[a-z]).{8,64}$/,
      /a{2,5}b?c*/,
      /[^]/,
    ];
    for (const pattern of patterns) assert.equal(whyRunaway(pattern), null, String(pattern));
  });

  it('refuses patterns that match in more ways with each character', () => {
    const patterns = [
      /(a+)+$/,
      /(a*)*$/,
      /(a|a)*$/,
      /(a|ab)*c/,
      /(a|b|)*c/,
      /([a-z]|[A-Z])*$/i,
      /(a*,a*)*$/,
      /(,a*a*)*$/,
      /(\w+\s?)*$/,
      /(x+x+)+y/,
      /((a{1,20}){1,20})b/,
      /(a+){10}b/,
      /((((a{1,4}){1,4}){1,4}){1,4})b/,
      /(.*)\1+/,
      /(?=(a+)+$)/,
      /(?:[\x61-\x63]+|\u0061)*$/,
      /(?<name>\d+|\d)+$/,
      /.*.*.*.*=/,
    ];
    for (const pattern of patterns) assert.notEqual(whyRunaway(pattern), null, String(pattern));
    assert.notEqual(whyRunaway(new RegExp('a'.repeat(2000))), null);
  });

  it('reads every pattern that JavaScript reads', () => {
    for (const source of ['[', '(?<=a)b{,3}', 'a{1', '\\cA[\\b\\-]', '[a-\\d]', '\\', '[^]]', '{}']) {
      let pattern: RegExp;
      try {
        pattern = new RegExp(source);
      } catch {
        continue;
      }
      assert.equal(whyRunaway(pattern), null, source);
    }
  });
});

describe('powerOf', () => {
  it('is the power that the time may grow with', () => {
    assert.equal(powerOf(/^\d+$/), 1);
    assert.equal(powerOf(/\d+$/), 2);
    assert.equal(powerOf(/^a*b*a*b*a*$/), 3);
    assert.equal(powerOf(/^a*b+a*$/), 1);
    assert.equal(powerOf(/^[a-z]+-[a-z]+-[a-z]+$/), 1);
  });
});
