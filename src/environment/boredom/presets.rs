//! The published instances, and our own additions said to be so.

use crate::environment::Preset;
use crate::words::Words;

const PAPER: Words = words!("Warlop, Lazaric & Mary, Fighting Boredom in Recommender Systems, NeurIPS 2018");

pub static PRESETS: &[Preset] = &[
    Preset {
        key: "warlop",
        name: words!("Films: four genres", "影片：四种类型"),
        claim: words!(
            "A rhythm of three genres earns 59 % more than the bestseller and 1.5 % more than the best choice of each moment",
            "三种类型轮换的节奏比总推热门高 59 %，比每次选当下最优高 1.5 %"
        ),
        source: Some(PAPER),
        printed: Some(words!(
            "3.572 a step in the long run (authors' code); values here are discounted",
            "长期平均每步 3.572（作者代码）；本页价值按折扣计算"
        )),
        draft: "episodes=2000&steps=500&alpha=visits:.6&epsilon=lin:1:.1:1600&q0=71",
    },
    Preset {
        key: "toy_a",
        name: words!("Two products, mild boredom", "两种商品，轻度厌倦"),
        claim: words!(
            "Where boredom is mild, the best choice of the moment is within 0.5 % of the optimum",
            "厌倦较轻时，当下最优与真正最优相差不到 0.5 %"
        ),
        source: Some(PAPER),
        printed: None,
        draft: "phi=Novelty|新奇款:1,-.3;Staple|常备款:.6666666666666666,-.4&memory=8&noise=0&discount=.99&episodes=500&steps=200&alpha=.5&epsilon=lin:1:.1:400&q0=51",
    },
    Preset {
        key: "toy_b",
        name: words!("A hit that bores at once", "一推就腻的爆款"),
        claim: words!(
            "Saving the hit for once in nine earns 7 % more than showing it whenever it looks best",
            "爆款每九次才推一次，比一恢复就推的短视做法高 7 %"
        ),
        source: Some(PAPER),
        printed: None,
        draft: "phi=Hit|爆款:1,-2;Staple|常备款:.5,-.01&memory=8&noise=0&discount=.99&episodes=500&steps=200&alpha=.5&epsilon=lin:1:.1:400&q0=54",
    },
    Preset {
        key: "funnel",
        name: words!("Click, cart, purchase", "点击、加购、购买"),
        claim: words!(
            "Click, cart and purchase counted alike, three genres take turns; set “Weights of the reward parts” to 4 for a cart and 20 for a purchase, and the thriller is no longer shown",
            "点击、加购、购买同等计数时，三种类型轮流推荐；在“奖励分量的权重”中把加购改为 4、购买改为 20，惊悚片便不再被推荐"
        ),
        source: None,
        printed: None,
        draft: "reading=funnel&memory=3&funnel=.3,.42;.32,.45;.25,.3;.1,.5&discount=.9&episodes=5000&steps=1000&alpha=visits:.7&epsilon=lin:1:.05:4000&q0=10",
    },
    Preset {
        key: "segments",
        name: words!("Two kinds of customers", "两类顾客"),
        claim: words!(
            "Two segments, two rhythms: families alternate comedy and thriller, thrill-seekers see action in between as well",
            "两类顾客，两种节奏：亲子家庭喜剧片与惊悚片交替，惊悚迷还会穿插动作片"
        ),
        source: None,
        printed: None,
        draft: "memory=3&segments=Thrill-seekers|惊悚迷:.1,-.2,.2,0;Families|亲子家庭:-.3,.2,-.4,.1&episodes=1000&steps=200&alpha=exp:.3:.01:150&epsilon=lin:1:.1:800&q0=72",
    },
    Preset {
        key: "warlop_drama",
        name: words!("Films: drama added", "影片：加入剧情片"),
        claim: words!(
            "Drama gains from being shown again; the best choice of the moment ends in the same rhythm as planning, and loses only on the way there: 78.84 against 79.68",
            "剧情片越看越投入；每次选当下最优，最终节奏与长远规划相同，只在进入节奏之前吃亏：78.84 对 79.68"
        ),
        source: Some(words!(
            "Warlop, Lazaric & Mary, NeurIPS 2018: authors' code, Exp2, K = 4 + Drama",
            "Warlop, Lazaric & Mary, NeurIPS 2018：作者代码 Exp2，K = 4，另加 Drama"
        )),
        printed: None,
        draft: "phi=Action|动作片:3.4,.24,-1.2,1.2,-.45,.03;Comedy|喜剧片:3.6,.66,-3.48,3.6,-1.35,.15;Thriller|惊悚片:3.8,.6,-2.85,3.12,-1.62,.3;\
                Drama|剧情片:3.5,.03,3,-3.6,1.53,-.24;Bad|差评片:2.9,-.1,-.1,-.01,-.01,-.01\
                &episodes=1000&steps=400&alpha=.3&epsilon=lin:1:.1:800&q0=80",
    },
    Preset {
        key: "warlop_ten",
        name: words!("Films: ten genres", "影片：十种类型"),
        claim: words!(
            "A million state-action pairs: the best choice of the moment stays with the thriller, worth 71.49; the optimum turns to crime for good, worth 73.73",
            "一百万个状态-动作对：当下最优一直停在惊悚片，价值 71.49；真正的最优则只推犯罪片，价值 73.73"
        ),
        source: Some(words!(
            "Warlop, Lazaric & Mary, NeurIPS 2018: authors' code, Exp2, K = 10",
            "Warlop, Lazaric & Mary, NeurIPS 2018：作者代码 Exp2，K = 10"
        )),
        printed: None,
        draft: "phi=Thriller|惊悚片:3.5,.27,-.54,.39,-.11,.01;SciFi|科幻片:3.51,.43,-1.35,1.53,-.73,.12;Romance|爱情片:3.5,.67,-1.72,1.81,-.81,.12;\
                War|战争片:3.52,.05,0,-.15,.1,-.02;Drama|剧情片:3.55,.27,-.68,.55,-.19,.02;Animation|动画片:3.49,.16,.56,-1.5,1.13,-.27;\
                Horror|恐怖片:3.15,.5,.47,-.93,.47,-.08;Action|动作片:3.54,-.34,.92,-1.02,.41,-.06;Children|儿童片:3.5,.64,-1.28,1.09,-.37,.04;\
                Crime|犯罪片:3.49,.92,-3.24,4.49,-2.6,.52\
                &episodes=5000&steps=1000&alpha=.3&epsilon=lin:1:.1:4000&q0=70",
    },
    Preset {
        key: "ten_network",
        name: words!("Two hits, ten products", "十种商品，两个爆款"),
        claim: words!(
            "A million pairs, 50,000 steps: a network spaces out two hits that bore at once and earns 12 % more than the best simple rule",
            "一百万个状态-动作对，只有 50,000 步：网络学会错开两个一推就腻的爆款，比最好的简单规则高 12 %"
        ),
        source: None,
        printed: None,
        draft: "phi=Thriller|惊悚片:5.2,-2.5;Comedy|喜剧片:4.3,-4.3;Drama|剧情片:3.3,-.38;Romance|爱情片:3.2,-.32;War|战争片:3.1,-.29;\
                Action|动作片:3,-.4;Children|儿童片:2.8,-.2;SciFi|科幻片:2.7,-.24;Horror|恐怖片:2.7,-.23;Crime|犯罪片:2.6,-.19\
                &algorithm=dqn&episodes=100&steps=500&alpha=lin:.001:.0001:100&epsilon=lin:1:.05:60&q0=70&q_learning.alpha=.3",
    },
];
