// Auth0, custom database, "Get User": asks a keyward migration service. Set KEYWARD_URL and KEYWARD_TOKEN in the connection's settings.
async function getUser(userNameOrEmail, callback) {
  let answer;
  try {
    answer = await fetch(`${configuration.KEYWARD_URL}/v1/auth0/user`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${configuration.KEYWARD_TOKEN}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ identifier: userNameOrEmail }),
      signal: AbortSignal.timeout(10000),
    });
  } catch (error) {
    return callback(new Error("the migration service cannot be reached"));
  }
  if (answer.status === 200) {
    return callback(null, await answer.json());
  }
  if (answer.status === 404) {
    return callback(null);
  }
  return callback(new Error(`the migration service answers with status ${answer.status}`));
}
