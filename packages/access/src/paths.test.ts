import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import fastify from 'fastify';
import { createPathRules, type Place } from './paths.ts';

const place = (url: string, method = 'GET'): Place => createPathRules().placeOf(method, url);

describe('createPathRules', () => {
  it('closes everything under /api and names the plugin', () => {
    assert.deepEqual(place('/api/catalog/entities?filter=kind=user'), { rule: 'closed', plugin: 'catalog' });
    assert.deepEqual(place('/api/catalog'), { rule: 'closed', plugin: 'catalog' });
    assert.equal(place('/api').rule, 'closed');
  });

  it('leaves pages, assets and health alone', () => {
    for (const url of [
      '/',
      '/catalog/default/component/my%20site',
      '/apis',
      '/.backstage/health/v1/liveness',
    ]) {
      assert.equal(place(url).rule, 'open', url);
    }
  });

  it('opens what the framework of Backstage opens', () => {
    for (const url of [
      '/api/auth/guest/refresh',
      '/api/auth/.well-known/jwks.json',
      '/api/auth/v1/userinfo',
      '/api/catalog/.backstage/auth/v1/jwks.json',
      '/api/mcp/.well-known/oauth-protected-resource',
    ]) {
      assert.equal(place(url).rule, 'open', url);
    }
  });

  it('keeps closed what has no check of its own', () => {
    for (const url of [
      '/api/auth/.backstage/scheduler/v1/tasks',
      '/api/catalog/.backstage/actions/v1/actions',
      '/api/catalog/.well-known/backstage/permissions/metadata',
    ]) {
      assert.equal(place(url).rule, 'closed', url);
    }
    assert.equal(place('/api/mcp/.well-known/anything', 'POST').rule, 'closed');
  });

  it('opens a registered path and what is below it, nothing beside it', () => {
    const rules = createPathRules();
    rules.add('open', '/api/catalog/badges/');
    rules.add('cookie', '/api/techdocs/static');
    const rule = (url: string): string => rules.placeOf('GET', url).rule;
    assert.equal(rule('/api/catalog/badges'), 'open');
    assert.equal(rule('/api/catalog/badges/a%20b.svg?x'), 'open');
    assert.equal(rule('/api/catalog/badgeser'), 'closed');
    assert.equal(rule('/api/techdocs/static/docs/index.html'), 'cookie');
    assert.equal(rule('/api/catalog/badges/../entities'), 'closed');
    assert.equal(rule('/api/catalog/badges/%2e%2e/entities'), 'closed');
    assert.equal(rule('/api/catalog/badges/..%2fentities'), 'closed');
  });

  it('refuses to open what is not below a plugin', () => {
    for (const prefix of ['/', '/api', '/api/', 'api/catalog', '/api/cat%61log', '/api/catalog/../x']) {
      assert.throws(() => createPathRules().add('open', prefix), { code: 'access/invalid-path' }, prefix);
    }
  });

  it('never opens a path that the router leads to a closed route', async () => {
    let sent = '/';
    let reached = false;
    const app = fastify({
      routerOptions: { caseSensitive: false, ignoreDuplicateSlashes: true },
      // The router gets the very text that the guard judges; an HTTP client would tidy it up.
      rewriteUrl: () => sent,
    });
    app.get('/api/catalog/*', async () => {
      reached = true;
      return null;
    });
    await app.ready();
    const rules = createPathRules();
    rules.add('open', '/api/catalog/open');
    const part = fc.constantFrom(
      ...'api %61pi API catalog cat%61log open x .. . %2e%2e % %2f \\ auth .well-known .backstage'.split(' '),
      ...'api%2fcatalog a%20b ? # ; http: //'.split(' '),
      '',
    );
    const paths = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
    const likely = fc.tuple(
      fc.constantFrom('/api/catalog/', '//api/catalog/', '/%61pi/catalog/', 'http://x/api/catalog/'),
      paths,
    );
    const urls = fc.oneof(
      paths,
      likely.map((parts) => parts.join('')),
    );
    const meantToBeOpen = /^\/api\/catalog\/(open|\.backstage\/auth\/v1|\.well-known)(\/|$|\?|#)/;
    let closedReached = 0;
    await fc.assert(
      fc.asyncProperty(urls, async (url) => {
        [sent, reached] = [url, false];
        await app.inject({ method: 'GET', url: '/' });
        if (!reached || meantToBeOpen.test(url)) return;
        closedReached++;
        assert.equal(rules.placeOf('GET', url).rule, 'closed');
      }),
      { numRuns: 1_000 },
    );
    assert.ok(closedReached > 50, `${closedReached} paths led to the route`);
    await app.close();
  });
});
