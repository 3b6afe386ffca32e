// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// What a client of a fleet without a gateway does: creates go to one address, every later call goes
// to the server that the browser's ID names. The functions are those of the deployment guide.

import assert from 'node:assert';

const API_KEY = process.env.FLEET_API_KEY;
const CREATE_URL = process.env.FLEET_URL;
const servers = process.argv.slice(2);

function getServerUrlFromBrowserId(browserId) {
    const match = browserId.match(/^([a-z0-9-]+)_/);
    if (match) {
        const domain = match[1].replace(/-/g, '.');
        return `https://${domain}`;
    }
    return CREATE_URL;
}

async function createBrowser(server = CREATE_URL) {
    const response = await fetch(`${server}/browsers`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-API-Key': API_KEY },
        body: JSON.stringify({ headful: false }),
    });
    assert.strictEqual(response.status, 201, await response.clone().text());
    return response.json();
}

async function deleteBrowser(browserId) {
    const serverUrl = getServerUrlFromBrowserId(browserId);
    const response = await fetch(`${serverUrl}/browsers/${browserId}`, {
        method: 'DELETE',
        headers: { 'Content-Type': 'application/json', 'X-API-Key': API_KEY },
    });
    return response.json();
}

async function getBrowser(browserId) {
    const serverUrl = getServerUrlFromBrowserId(browserId);
    const response = await fetch(`${serverUrl}/browsers/${browserId}`, {
        headers: { 'X-API-Key': API_KEY },
    });
    return response.json();
}

// Each server on its own: what it makes is its own.
for (const server of servers) {
    const browser = await createBrowser(server);
    assert(browser.id.includes(server.replace('https://', '').replace(/\./g, '-')));
    assert.strictEqual(getServerUrlFromBrowserId(browser.id), server);
    assert.strictEqual((await getBrowser(browser.id)).id, browser.id);
    assert.strictEqual((await deleteBrowser(browser.id)).deleted, true);
    console.log(`${server} passed`);
}

// Example 1: create and delete.
const first = await createBrowser();
assert(first.wss.startsWith('wss://'));
assert.strictEqual((await deleteBrowser(first.id)).deleted, true);
console.log('create and delete passed');

// Example 2: several creates, one on each server.
const made = [];
for (let i = 0; i < servers.length; i++) made.push(await createBrowser());
const owners = new Set(made.map((browser) => getServerUrlFromBrowserId(browser.id)));
assert.deepStrictEqual([...owners].sort(), [...servers].sort());
for (const browser of made) {
    assert.strictEqual((await deleteBrowser(browser.id)).deleted, true);
}
console.log('several creates passed');
