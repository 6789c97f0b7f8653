// Auth0, custom database, "Login": asks a keyward migration service. Set KEYWARD_URL and KEYWARD_TOKEN in the connection's settings.
// With "Import Users to Auth0" the user moves at the first login that is right.
async function login(userNameOrEmail, password, callback) {
  let answer;
  try {
    answer = await fetch(`${configuration.KEYWARD_URL}/v1/auth0/login`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${configuration.KEYWARD_TOKEN}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ identifier: userNameOrEmail, password: password }),
      signal: AbortSignal.timeout(10000),
    });
  } catch (error) {
    return callback(new Error("the migration service cannot be reached"));
  }
  if (answer.status === 200) {
    return callback(null, await answer.json());
  }
  if (answer.status === 401 && (await answer.json()).wrong_credentials === true) {
    return callback(new WrongUsernameOrPasswordError(userNameOrEmail));
  }
  // Too many attempts, a source that fails, a token that is not known: never a wrong password.
  return callback(new Error(`the migration service answers with status ${answer.status}`));
}
