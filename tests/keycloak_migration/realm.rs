//! [`Realm`]: one realm of a server, over its REST interface.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use crate::server::ADMINISTRATOR;

/// Its administrator, and its users over the token endpoint.
pub(crate) struct Realm {
    agent: Agent,
    server: String,
    pub(crate) name: String,
}

impl Realm {
    pub(crate) fn of(server: String, name: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self {
            agent: agent.into(),
            server,
            name: name.to_owned(),
        }
    }

    /// A new realm with an application whose users log in by password.
    pub(crate) fn create(&self, password_policy: &str) {
        let application = json!({
            "clientId": "application",
            "publicClient": true,
            "directAccessGrantsEnabled": true,
        });
        let realm = json!({
            "realm": self.name,
            "enabled": true,
            "passwordPolicy": password_policy,
            "clients": [application],
        });
        self.administrate("POST", "/admin/realms", &realm.to_string());
    }

    /// A realm as it was exported.
    pub(crate) fn import(&self, realm: &str) {
        self.administrate("POST", "/admin/realms", realm);
    }

    pub(crate) fn delete(&self) {
        self.administrate("DELETE", &format!("/admin/realms/{}", self.name), "");
    }

    /// From now on new passwords are stored so.
    pub(crate) fn set_policy(&self, policy: &str) {
        let realm = json!({"passwordPolicy": policy}).to_string();
        self.administrate("PUT", &format!("/admin/realms/{}", self.name), &realm);
    }

    pub(crate) fn add_user(&self, name: &str, password: &str) {
        let user = json!({
            "username": name,
            "enabled": true,
            "firstName": "First",
            "lastName": "Last",
            "email": format!("{name}@example.com"),
            "emailVerified": true,
            "credentials": [{"type": "password", "value": password, "temporary": false}],
        });
        let path = format!("/admin/realms/{}/users", self.name);
        self.administrate("POST", &path, &user.to_string());
    }

    /// Whether the token endpoint gives a token.
    pub(crate) fn logs_in(&self, user: &str, password: &str) -> bool {
        self.token(&self.name, "application", user, password)
            .is_some()
    }

    fn token(&self, realm: &str, client: &str, user: &str, password: &str) -> Option<String> {
        let server = &self.server;
        let url = format!("{server}/realms/{realm}/protocol/openid-connect/token");
        let form = [
            ("grant_type", "password"),
            ("client_id", client),
            ("username", user),
            ("password", password),
        ];
        let mut response = self.agent.post(url).send_form(form).unwrap();
        let answer = response.body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        if let Some(token) = answer["access_token"].as_str() {
            return Some(token.to_owned());
        }
        assert_eq!(answer["error"], "invalid_grant", "{answer}");
        assert_eq!(answer["error_description"], "Invalid user credentials");
        None
    }

    fn administrate(&self, method: &str, path: &str, body: &str) {
        let token = self.token("master", "admin-cli", ADMINISTRATOR, ADMINISTRATOR);
        let url = format!("{}{path}", self.server);
        let authorization = format!("Bearer {}", token.unwrap());
        let mut response = if method == "DELETE" {
            let request = self.agent.delete(url);
            request.header("Authorization", authorization).call()
        } else {
            let request = if method == "PUT" {
                self.agent.put(url)
            } else {
                self.agent.post(url)
            };
            let request = request.header("Authorization", authorization);
            request.content_type("application/json").send(body)
        }
        .unwrap();
        let status = response.status();
        let answer = response.body_mut().read_to_string().unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
    }
}
