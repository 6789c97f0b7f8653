import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import javax.naming.AuthenticationException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.BasicAttribute;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.ModificationItem;

/**
 * Has an OpenDJ server at localhost store passwords and judge stored ones: DriveOpenDj PORT ROOT_PASSWORD, and a job a
 * line of standard input, its fields between tabs.
 *
 * <pre>
 * policy NAME SCHEME ATTRIBUTE   a password policy for a storage scheme, as its configuration entry is called
 * set DN ATTRIBUTE VALUE         sets one attribute of one entry
 * user NAME ATTRIBUTE POLICY PASSWORD   a user under that policy; the server encodes the password
 * stored NAME VALUE PASSWORD     a user with a stored value; answers whether a bind with the password succeeds
 * </pre>
 *
 * An answer a line: ok, true, false, or error and why.
 */
public class DriveOpenDj {
    private static final String POLICIES = ",cn=Password Policies,cn=config";
    private static final String SUFFIX = ",dc=example,dc=com";

    private final String url;
    private final DirContext root;

    private DriveOpenDj(String port, String password) throws NamingException {
        url = "ldap://localhost:" + port;
        root = bind("cn=Directory Manager", password);
    }

    public static void main(String[] arguments) throws Exception {
        DriveOpenDj server = new DriveOpenDj(arguments[0], arguments[1]);
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            try {
                answers.println(server.answer(line.split("\t", -1)));
            } catch (NamingException refused) {
                answers.println("error " + refused.getMessage());
            }
        }
    }

    private String answer(String[] job) throws NamingException {
        switch (job[0]) {
            case "policy":
                addPolicy(job[1], job[2], job[3]);
                return "ok";
            case "set":
                set(job[1], job[2], job[3]);
                return "ok";
            case "user":
                addUser(job[1], job[2], "cn=" + job[3] + POLICIES, job[4]);
                return "ok";
            case "stored":
                addUser(job[1], "userPassword", null, job[2]);
                return String.valueOf(accepts(job[1], job[3]));
            default:
                throw new IllegalArgumentException(job[0]);
        }
    }

    private void addPolicy(String name, String scheme, String attribute) throws NamingException {
        BasicAttributes entry = new BasicAttributes(true);
        BasicAttribute classes = new BasicAttribute("objectClass", "top");
        classes.add("ds-cfg-authentication-policy");
        classes.add("ds-cfg-password-policy");
        entry.put(classes);
        entry.put("cn", name);
        entry.put("ds-cfg-java-class", "org.opends.server.core.PasswordPolicyFactory");
        entry.put("ds-cfg-password-attribute", attribute);
        entry.put("ds-cfg-default-password-storage-scheme", "cn=" + scheme + ",cn=Password Storage Schemes,cn=config");
        root.createSubcontext("cn=" + name + POLICIES, entry).close();
    }

    private void set(String entry, String attribute, String value) throws NamingException {
        ModificationItem[] changes = {
            new ModificationItem(DirContext.REPLACE_ATTRIBUTE, new BasicAttribute(attribute, value))
        };
        root.modifyAttributes(entry, changes);
    }

    private void addUser(String name, String attribute, String policy, String password) throws NamingException {
        BasicAttributes entry = new BasicAttributes(true);
        BasicAttribute classes = new BasicAttribute("objectClass", "inetOrgPerson");
        classes.add("authPasswordObject");
        entry.put(classes);
        entry.put("cn", name);
        entry.put("sn", name);
        entry.put(attribute, password);
        if (policy != null) {
            entry.put("ds-pwp-password-policy-dn", policy);
        }
        root.createSubcontext("cn=" + name + SUFFIX, entry).close();
    }

    private boolean accepts(String name, String password) throws NamingException {
        try {
            bind("cn=" + name + SUFFIX, password).close();
            return true;
        } catch (AuthenticationException refused) {
            return false;
        }
    }

    private DirContext bind(String name, String password) throws NamingException {
        Hashtable<String, Object> settings = new Hashtable<>();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        settings.put(Context.PROVIDER_URL, url);
        settings.put(Context.SECURITY_AUTHENTICATION, "simple");
        settings.put(Context.SECURITY_PRINCIPAL, name);
        settings.put(Context.SECURITY_CREDENTIALS, password);
        return new InitialDirContext(settings);
    }
}
