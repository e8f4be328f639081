package dev.tallyspan.spring;

import io.micrometer.tracing.Tracer;
import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.server.WebFilter;

/** Who makes a request, if a property says where to find it. */
@AutoConfiguration(after = TallyspanAutoConfiguration.class)
@ConditionalOnTallyspan
@ConditionalOnClass(Tracer.class)
@Conditional(RequestIdentityAutoConfiguration.Configured.class)
public class RequestIdentityAutoConfiguration {

  RequestIdentityAutoConfiguration() {}

  private static IdentitySource user(TallyspanProperties properties) {
    return IdentitySource.parse(
        "tallyspan.identity.user", properties.getIdentity().getUser(), /* principal= */ true);
  }

  private static IdentitySource session(TallyspanProperties properties) {
    return IdentitySource.parse(
        "tallyspan.identity.session",
        properties.getIdentity().getSession(),
        /* principal= */ false);
  }

  /** Servlet applications. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass({Filter.class, ServerHttpObservationFilter.class})
  static class OfServlets {

    @Bean
    @ConditionalOnMissingBean
    RequestIdentityFilter tallyspanRequestIdentity(TallyspanProperties properties) {
      return new RequestIdentityFilter(user(properties), session(properties));
    }
  }

  /** Reactive applications. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  @ConditionalOnClass(WebFilter.class)
  static class OfReactive {

    @Bean
    @ConditionalOnMissingBean
    RequestIdentityWebFilter tallyspanRequestIdentity(TallyspanProperties properties) {
      return new RequestIdentityWebFilter(user(properties), session(properties));
    }
  }

  static final class Configured extends AnyNestedCondition {

    Configured() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty("tallyspan.identity.user")
    static final class User {}

    @ConditionalOnProperty("tallyspan.identity.session")
    static final class Session {}
  }
}
