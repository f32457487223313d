//! What customers of a shop say about a few topics: sentences with gaps, each in English and in Chinese.
//!
//! Half of the contacts are held in Chinese. Sentences of different topics share words on purpose ("order 48213" may be asked after or
//! sent back), so that a learner has to tell the topics by what is said about them.

use crate::random::{Stream, below};
use crate::text::filled;
use crate::words::{Language, Words};

/// A topic with what customers say when it is what they mean.
pub struct Topic {
    /// Name of the intents and types of question that the topic stands for, in English.
    names: &'static [&'static str],
    sentences: &'static [Words],
}

impl Topic {
    /// The topic of an intent, if customers' words for it are known.
    pub fn of(intent: &Words) -> Option<&'static Topic> {
        TOPICS.iter().find(|topic| topic.names.contains(&intent.get(Language::English)))
    }

    /// Something a customer says who means this.
    pub fn sentence(&self, chance: &mut Stream) -> Words {
        fill(pick(self.sentences, chance), chance)
    }
}

/// How a contact begins, before anybody knows what it is about.
pub fn greeting(chance: &mut Stream) -> Words {
    fill(pick(GREETINGS, chance), chance)
}

/// How a customer says that an answer did not help.
pub fn in_vain(answer: &Words, chance: &mut Stream) -> Words {
    with_gaps(pick(IN_VAIN, chance), |_, language| answer.get(language))
}

/// How a contact ends well.
pub fn thanks(chance: &mut Stream) -> Words {
    pick(THANKS, chance).clone()
}

/// The language of a contact.
pub fn language(chance: &mut Stream) -> Language {
    if chance.bits() >> 63 == 0 { Language::English } else { Language::Chinese }
}

fn pick(from: &'static [Words], chance: &mut Stream) -> &'static Words {
    static SILENCE: Words = words!("…", "……");
    from.get(below((chance.bits() >> 32) as u32, from.len() as u32) as usize).unwrap_or(&SILENCE)
}

/// Fills the gaps of a sentence.
fn fill(sentence: &Words, chance: &mut Stream) -> Words {
    let (item, day) = (pick(ITEMS, chance), pick(DAYS, chance));
    let number = (10_000 + below((chance.bits() >> 32) as u32, 90_000)).to_string();
    with_gaps(sentence, |gap, language| match gap {
        "item" => item.get(language),
        "day" => day.get(language),
        _ => &number,
    })
}

/// A sentence with whatever belongs in each gap, in both languages.
fn with_gaps<'a>(sentence: &Words, gap: impl Fn(&str, Language) -> &'a str) -> Words {
    Words::each(|language| filled(sentence.get(language), |name| Some(gap(name, language))))
}

static ITEMS: &[Words] = &[
    words!("kettle", "电水壶"),
    words!("jacket", "外套"),
    words!("lamp", "台灯"),
    words!("backpack", "双肩包"),
    words!("coffee machine", "咖啡机"),
    words!("blanket", "毛毯"),
    words!("keyboard", "键盘"),
    words!("phone case", "手机壳"),
];

static DAYS: &[Words] = &[
    words!("yesterday", "昨天"),
    words!("on Monday", "星期一"),
    words!("last Friday", "上周五"),
    words!("on Sunday", "星期天"),
    words!("two days ago", "前天"),
];

static GREETINGS: &[Words] = &[
    words!("Hi, can you help me?", "你好，能帮个忙吗？"),
    words!("Hello, I have a question about order {number}.", "你好，我想问一下订单{number}。"),
    words!("Hi there.", "在吗？"),
    words!("Good morning, it's about my {item}.", "早上好，是关于我买的{item}。"),
    words!("Hello? Is anybody there?", "请问有人吗？"),
    words!("I need some help, please.", "麻烦帮我看一下。"),
];

static IN_VAIN: &[Words] = &[
    words!("The {answer} didn't help.", "{answer}没解决问题。"),
    words!("I tried the {answer}, same problem.", "试过{answer}了，还是不行。"),
    words!("No luck with the {answer}.", "{answer}不管用。"),
    words!("Nothing changed after the {answer}.", "用了{answer}，没有变化。"),
];

static THANKS: &[Words] = &[words!("Thanks, that solved it.", "谢谢，解决了。"), words!("Great, it works now.", "太好了，现在可以了。")];

static TOPICS: &[Topic] = &[
    Topic {
        names: &["where is my order", "parcel tracking"],
        sentences: &[
            words!("Where is my {item}? It was due {day}.", "我的{item}到哪了？说好{day}到的。"),
            words!("I ordered a new {item} and it still hasn't arrived.", "我买的{item}一直没到。"),
            words!("Can you check where order {number} is?", "帮我查一下订单{number}到哪了。"),
            words!("The tracking hasn't moved for three days.", "物流三天没更新了。"),
            words!("When will my {item} be delivered?", "我的{item}什么时候能送到？"),
            words!("It says delivered, but nothing came.", "显示已签收，可我根本没收到。"),
            words!("Has order {number} left the warehouse yet?", "订单{number}发货了吗？"),
            words!("I'm still waiting for my parcel.", "我还在等包裹呢。"),
            words!("Which courier is bringing the {item}?", "{item}是哪家快递在送？"),
            words!("Could you tell me the tracking number?", "能告诉我快递单号吗？"),
            words!("The parcel should have been here {day}.", "包裹{day}就该到了。"),
            words!("It's been a week and the {item} hasn't shown up.", "都一个星期了，{item}还没影儿。"),
        ],
    },
    Topic {
        names: &["refund"],
        sentences: &[
            words!("I want my money back for the {item}.", "这个{item}我要退款。"),
            words!("How do I return the {item}?", "{item}怎么退货？"),
            words!("Please cancel order {number} and refund me.", "请取消订单{number}，把钱退给我。"),
            words!("The {item} is not what I expected, I'd like to send it back.", "{item}和我想的不一样，我想退掉。"),
            words!("I sent the {item} back {day}, when do I get the money?", "{item}我{day}就寄回去了，什么时候退款？"),
            words!("I was charged twice for order {number}.", "订单{number}扣了我两次钱。"),
            words!("Can I get a refund without the receipt?", "没有小票能退款吗？"),
            words!("I changed my mind, I don't want the {item} any more.", "我改主意了，{item}不想要了。"),
            words!("When is the money back on my card?", "钱什么时候退回我的卡里？"),
            words!("I don't want a new one, just return my money.", "我不想换新的，退钱就行。"),
            words!("Refund order {number}, please.", "订单{number}请给我退款。"),
            words!("It doesn't suit me, please take it back.", "不合适，请给我退了吧。"),
        ],
    },
    Topic {
        names: &["size and fit"],
        sentences: &[
            words!("I'm between M and L, which size should I take?", "我介于 M 和 L 之间，该选哪个码？"),
            words!("Does the jacket run small?", "这件外套偏小吗？"),
            words!("The sleeves are too long, is there a shorter cut?", "袖子太长了，有短一点的版型吗？"),
            words!("I'm 178 cm tall, will size L fit?", "我身高 178，L 码合适吗？"),
            words!("Where do I find the size chart?", "尺码表在哪里看？"),
            words!("The shoes pinch, should I go one size up?", "鞋有点挤脚，要不要大一码？"),
            words!("How wide is the waist in size 40?", "40 码的腰围是多少？"),
            words!("Do these fit wide feet?", "脚宽能穿吗？"),
        ],
    },
    Topic {
        names: &["defect"],
        sentences: &[
            words!("My {item} arrived broken.", "{item}收到就是坏的。"),
            words!("The kettle won't switch on.", "电水壶开不了机。"),
            words!("The zip of the backpack tore after a week.", "双肩包的拉链用了一周就坏了。"),
            words!("The coffee machine leaks.", "咖啡机漏水。"),
            words!("One key of the keyboard is stuck.", "键盘有个键卡住了。"),
            words!("The lamp flickers all the time.", "台灯一直闪。"),
            words!("There is a crack in the {item}.", "{item}上有道裂缝。"),
            words!("It has made a strange noise since {day}.", "从{day}起就有怪声。"),
        ],
    },
    Topic {
        names: &["invoice"],
        sentences: &[
            words!("I need an invoice for order {number}.", "订单{number}要开发票。"),
            words!("Can you put our company name on the invoice?", "发票抬头能写公司名吗？"),
            words!("The VAT number on the invoice is wrong.", "发票上的税号写错了。"),
            words!("Please send me the invoice as a PDF.", "请把电子发票发我一份。"),
            words!("Accounting is asking me for the invoice.", "财务在催我要发票。"),
            words!("Can I still get an invoice for last month?", "上个月的订单还能补开发票吗？"),
            words!("Where can I download the invoice?", "发票在哪里下载？"),
            words!("I want one invoice for two orders.", "两个订单能开在一张发票上吗？"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn every_sentence_is_said_in_both_languages_with_its_gaps_filled() {
        let mut chance = Stream::new(1, Purpose::Observation);
        for topic in TOPICS {
            assert!(topic.names.iter().all(|name| Topic::of(&Words::same(name)).is_some()));
            let said: std::collections::BTreeSet<String> =
                (0..2000).map(|_| topic.sentence(&mut chance)).map(|words| words.get(Language::English).to_owned()).collect();
            assert!(said.len() >= topic.sentences.len());
            for sentence in topic.sentences {
                let filled = fill(sentence, &mut chance);
                for language in Language::ALL {
                    assert!(!filled.get(language).contains(['{', '}']), "{filled:?}");
                }
                assert!(filled.get(Language::English).is_ascii() && !filled.get(Language::Chinese).is_ascii(), "{filled:?}");
            }
        }
        assert!(Topic::of(&words!("tiger on the right", "老虎在右")).is_none());
    }

    #[test]
    fn no_sentence_belongs_to_two_topics() {
        let all: Vec<&Words> = TOPICS.iter().flat_map(|topic| topic.sentences).chain(GREETINGS).collect();
        for (index, sentence) in all.iter().enumerate() {
            for language in Language::ALL {
                assert!(all[..index].iter().all(|other| other.get(language) != sentence.get(language)), "{sentence:?}");
            }
        }
    }
}
